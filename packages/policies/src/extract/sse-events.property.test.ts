import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SseEvents } from './sse-events.ts';

const EVENT_END = /(?:\r\n|\n|\r)(?:\r\n|\n|\r)$/;

/** Splits bytes at the given places and gives them to a cutter. */
function cut(bytes: Buffer, places: readonly number[]): { events: Buffer[]; rest: Buffer | null } {
  const cutter = new SseEvents();
  const events: Buffer[] = [];
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  for (const [index, from] of [0, ...sorted].entries()) {
    events.push(...cutter.push(bytes.subarray(from, sorted[index] ?? bytes.length)));
  }
  return { events, rest: cutter.end() };
}

describe('the cutter of events', () => {
  it('loses and changes no byte, and cuts after empty lines only, however the stream arrives', () => {
    const line = fc.constantFrom('data: {"a":1}', 'event: x', ': ping', 'data: é🚦', 'id');
    const lineBreak = fc.constantFrom('\n', '\r\n', '\r');
    const event = fc.array(line, { minLength: 1, maxLength: 3 });
    const places = fc.array(fc.nat(10_000), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 6 }), lineBreak, fc.boolean(), places, (events, end, isOpen, at) => {
        const whole = events.map((lines) => lines.map((text) => text + end).join('') + end).join('');
        const bytes = Buffer.from(isOpen ? `${whole}data: open` : whole);
        const { events: found, rest } = cut(bytes, at);
        expect(Buffer.concat([...found, rest ?? Buffer.alloc(0)]).equals(bytes)).toBe(true);
        for (const one of found) expect(one.toString()).toMatch(EVENT_END);
        if (end === '\n') expect(found).toHaveLength(events.length);
      }),
    );
  });

  it('lets an event of more than 1 MiB go before its end', () => {
    const cutter = new SseEvents();
    expect(cutter.push(Buffer.alloc(600_000, 'x'))).toEqual([]);
    const [large] = cutter.push(Buffer.alloc(600_000, 'x'));
    expect([large?.length, cutter.isWhole]).toEqual([1_200_000, true]);
  });
});
