import { describe, expect, it } from 'vitest';
import { type Batcher, createBatcher } from './batcher.ts';
import {
  type BatchReply,
  type CloseReply,
  type CounterStore,
  type ReserveItem,
  type Seat,
  StateUnavailable,
} from './port.ts';
import { VirtualClock } from './simulation/virtual-clock.ts';

const IDLE_MS = 600_000;
const HOUR_MS = 3_600_000;

function reserve(callId: string): ReserveItem {
  const nothing = { versions: {}, windows: [], nodes: [], deadlineAtMs: 0, reason: '' };
  return { kind: 'reserve', callId, ...nothing };
}

/** A store that grants everything, and closes as it is told; it notes each batch (`b`) and closing (`c`) with its number. */
function openBatcher(close: (seat: Seat) => CloseReply | Error, more: { batch?(seat: Seat): BatchReply | null } = {}) {
  const clock = new VirtualClock();
  const seen: string[] = [];
  let [closing, closingMost] = [0, 0];
  const later = <T>(reply: T | Error) =>
    new Promise<T>((resolve, reject) => {
      clock.later(1, () => (reply instanceof Error ? reject(reply) : resolve(reply)));
    });
  const counters: CounterStore = {
    batch(seat, items) {
      seen.push(`b${seat.number}${seat.opens ? ' opens' : ''}`);
      const replies = items.map(({ kind }) =>
        kind === 'settle' ? ({ kind: 'settled' } as const) : ({ kind: 'granted', windows: [], nodes: [] } as const),
      );
      return later(more.batch?.(seat) ?? { kind: 'done', nowMs: 0, replies });
    },
    async closeSeat(seat) {
      seen.push(`c${seat.number}`);
      closing += 1;
      closingMost = Math.max(closingMost, closing);
      try {
        return await later(close(seat));
      } finally {
        closing -= 1;
      }
    },
    read: () => Promise.reject(new Error('not asked')),
    readWindows: () => Promise.reject(new Error('not asked')),
    holds: () => Promise.reject(new Error('not asked')),
  };
  const batcher = createBatcher({ counters, clock, spoolId: 's', idleMs: IDLE_MS });
  return { batcher, clock, seen, closingMost: () => closingMost };
}

async function call(batcher: Batcher, tag: string, callId = 'a'): Promise<void> {
  const reply = await batcher.reserve(tag, reserve(callId));
  expect(reply.kind).toBe('granted');
  await batcher.settle(tag, { kind: 'settle', callId, charges: {} });
}

const closed = () => ({ kind: 'closed' }) as const;

describe('idle seats', () => {
  it('two thousand tags that fall idle are closed a few at a time, and nothing of them is kept', async () => {
    const { batcher, clock, seen, closingMost } = openBatcher(closed);
    const calls = Array.from({ length: 2_000 }, (_, index) => call(batcher, `t${index}`));
    let size = 0;
    clock.later(IDLE_MS - 1_000, () => {
      size = batcher.size;
      expect(seen.filter((entry) => entry.startsWith('c'))).toEqual([]);
    });
    await clock.run(HOUR_MS);
    await Promise.all(calls);
    expect(size).toBe(2_000);
    expect(seen.filter((entry) => entry === 'c2')).toHaveLength(2_000);
    expect(closingMost()).toBe(8);
    expect(batcher.size).toBe(0);
  });

  it('a tag that is used or held stays', async () => {
    const { batcher, clock, seen } = openBatcher(closed);
    void batcher.reserve('held', reserve('h'));
    let [used, idle] = [0, 0];
    for (let atMs = 0; atMs < HOUR_MS; atMs += IDLE_MS / 2)
      clock.later(atMs, () => void call(batcher, 'used', `u${atMs}`));
    clock.later(HOUR_MS - 1, () => {
      used = seen.filter((entry) => entry.startsWith('c')).length;
      idle = batcher.size;
      void batcher.settle('held', { kind: 'settle', callId: 'h', charges: {} });
    });
    await clock.run(3 * HOUR_MS);
    expect({ used, idle, left: batcher.size }).toEqual({ used: 0, idle: 2, left: 0 });
  });

  it('while a close is unsure it alone is repeated; what is asked waits and begins a seat after it', async () => {
    let away = true;
    const { batcher, clock, seen } = openBatcher(() => (away ? new StateUnavailable('away') : closed()));
    void call(batcher, 't');
    let late: Promise<void> | null = null;
    let refused: unknown = null;
    clock.later(IDLE_MS + 10_000, () => {
      batcher.reserve('t', reserve('r')).catch((error: unknown) => {
        refused = error;
      });
    });
    clock.later(IDLE_MS + 20_000, () => {
      expect(new Set(seen.slice(2))).toEqual(new Set(['c2']));
      late = call(batcher, 't', 'b');
      away = false;
    });
    await clock.run(HOUR_MS);
    await late;
    expect(refused).toBeInstanceOf(StateUnavailable);
    expect(seen.filter((entry, index) => entry !== seen[index - 1])).toEqual([
      'b1 opens',
      'b2',
      'c2',
      'b3 opens',
      'b4',
      'c4',
    ]);
    expect(batcher.size).toBe(0);
  });

  it('begins where the store says, with the same items', async () => {
    const begin = (seat: Seat) => (seat.number === 1 ? ({ kind: 'begin', after: 41 } as const) : null);
    const { batcher, clock, seen } = openBatcher(closed, { batch: begin });
    const first = call(batcher, 't');
    await clock.run(HOUR_MS);
    await first;
    const again = call(batcher, 't');
    await clock.run(2 * HOUR_MS);
    await again;
    expect(seen).toEqual(['b1 opens', 'b42 opens', 'b43', 'c43', 'b44 opens', 'b45', 'c45']);
  });

  it('a seat that the store will not close is asked about again when it was idle once more', async () => {
    let asked = 0;
    const { batcher, clock, seen } = openBatcher(() => {
      asked += 1;
      return asked === 1 ? { kind: 'held' } : closed();
    });
    void call(batcher, 't');
    await clock.run(HOUR_MS);
    expect(seen).toEqual(['b1 opens', 'b2', 'c2', 'c2']);
    expect(clock.nowMs()).toBeGreaterThan(2 * IDLE_MS);
    expect(batcher.size).toBe(0);
  });
});
