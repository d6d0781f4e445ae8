import type { CallTrace } from '@tollwright/contracts';
import type { TraceStore } from '@tollwright/state';
import { callTraceOf } from '@tollwright/testing';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { TraceQueue } from './trace-queue.ts';

const subject = { apiId: 'api_1', isKnown: true };
const ids = { providerId: 'prv_1', customerId: null, agentId: null, keyId: null, apiId: 'api_1', routeId: 'rte_1' };

/** A store that keeps what it is sent, up to `room`; one that is away throws. */
function storeWith(room: number) {
  const kept: CallTrace[] = [];
  const state = { away: false };
  const store: TraceStore = {
    async append(traces) {
      if (state.away) throw new Error('away');
      const taken = traces.slice(0, room - kept.length);
      kept.push(...taken.map((text) => JSON.parse(text) as CallTrace));
      return taken.length;
    },
    read: async () => [],
    remove: async () => undefined,
  };
  return { kept, state, queue: new TraceQueue(store, pino({ level: 'silent' })) };
}

describe('the queue of traces', () => {
  it('sends what it was offered, in order', async () => {
    const { kept, queue } = storeWith(1_000);
    const made = Array.from({ length: 120 }, () => callTraceOf(ids));
    for (const trace of made) queue.offer(subject, () => trace);
    await queue.stop();
    expect(kept).toEqual(made);
    expect(queue.dropped).toBe(0);
  });

  it('leaves out what one API has too much of, without making it, and keeps room for the others', async () => {
    const { kept, queue } = storeWith(10_000);
    let made = 0;
    const make = () => {
      made += 1;
      return callTraceOf(ids);
    };
    for (let call = 0; call < 5_000; call += 1) queue.offer({ apiId: 'api_flood', isKnown: false }, make);
    expect(made).toBeLessThan(300);
    expect(queue.dropped).toBe(5_000 - made);
    queue.offer({ apiId: 'api_flood', isKnown: true }, make);
    queue.offer({ apiId: 'api_2', isKnown: true }, make);
    await queue.stop();
    expect(kept).toHaveLength(made);
    expect(queue.dropped).toBe(5_000 - made + 2);
  });

  it('holds a bounded number while the store is away, and sends it when it is back', async () => {
    const { kept, state, queue } = storeWith(10_000);
    state.away = true;
    for (let call = 0; call < 3_000; call += 1) {
      queue.offer({ apiId: `api_${call % 30}`, isKnown: true }, () => callTraceOf(ids));
    }
    await queue.send();
    expect([kept.length, queue.dropped]).toEqual([0, 2_000]);
    state.away = false;
    await queue.stop();
    expect([kept.length, queue.dropped]).toEqual([1_000, 2_000]);
  });

  it('counts what the store has no room for, and what cannot be made', async () => {
    const { kept, queue } = storeWith(3);
    for (let call = 0; call < 5; call += 1) queue.offer(subject, () => callTraceOf(ids));
    queue.offer(subject, () => {
      throw new Error('a defect');
    });
    await queue.stop();
    expect([kept.length, queue.dropped]).toEqual([3, 3]);
  });
});
