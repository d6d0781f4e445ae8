import { describe, expect, it } from 'vitest';
import { createBatcher, Superseded, TagRebuild } from './batcher.ts';
import {
  type BatchItem,
  type BatchReply,
  type CounterStore,
  type ReserveItem,
  type Seat,
  StateRejected,
  StateUnavailable,
} from './port.ts';

const granted = { kind: 'granted', windows: [], nodes: [] } as const;

function reserve(callId: string): ReserveItem {
  const nothing = { versions: {}, windows: [], nodes: [], deadlineAtMs: 0, reason: '' };
  return { kind: 'reserve', callId, ...nothing };
}

const settle = (callId: string) => ({ kind: 'settle', callId, charges: {} }) as const;

interface Sent {
  readonly seat: Seat;
  readonly items: readonly BatchItem[];
}

/** The far end of the wire: `answer` decides each transmission; `sent` records it. */
function wire(answer: (sent: Sent, attempt: number) => BatchReply | Error | Promise<BatchReply>) {
  const sent: Sent[] = [];
  const counters: CounterStore = {
    async batch(seat, items) {
      sent.push({ seat, items });
      const reply = await answer({ seat, items }, sent.length);
      if (reply instanceof Error) throw reply;
      return reply;
    },
    closeSeat: () => Promise.reject(new Error('not asked')),
    read: () => Promise.reject(new Error('not asked')),
    readWindows: () => Promise.reject(new Error('not asked')),
    holds: () => Promise.reject(new Error('not asked')),
  };
  const shape = () => sent.map(({ seat, items }) => [seat.number, items.map((item) => item.callId).join(' ')]);
  return { counters, shape };
}

function allGranted({ items }: Sent): BatchReply {
  const replies = items.map((item) => (item.kind === 'settle' ? ({ kind: 'settled' } as const) : granted));
  return { kind: 'done', nowMs: 0, replies };
}

describe('batcher', () => {
  it('joins the calls of one turn, one batch under way, settles first', async () => {
    const { counters, shape } = wire(allGranted);
    const batcher = createBatcher({ counters, spoolId: 's' });
    const first = [batcher.reserve('t', reserve('a')), batcher.reserve('t', reserve('b'))];
    await new Promise(setImmediate);
    const second = [batcher.reserve('t', reserve('c')), batcher.settle('t', settle('x'))];
    expect((await Promise.all([...first, ...second])).map((reply) => reply.kind)).toEqual([
      ...['granted', 'granted', 'granted', 'settled'],
    ]);
    expect(shape()).toEqual([
      [1, 'a b'],
      [2, 'x c'],
    ]);
  });

  it('splits at the size limit and numbers each tag by itself', async () => {
    const { counters, shape } = wire(allGranted);
    const batcher = createBatcher({ counters, spoolId: 's', batchItemsMax: 2 });
    await Promise.all([
      ...['a', 'b', 'c'].map((id) => batcher.reserve('t', reserve(id))),
      batcher.reserve('u', reserve('d')),
    ]);
    expect(shape().sort()).toEqual([
      [1, 'a b'],
      [1, 'd'],
      [2, 'c'],
    ]);
  });

  it('goes on from the seats that a takeover answered', async () => {
    const { counters, shape } = wire(allGranted);
    const seats = [{ tag: 't', epoch: 1, spoolId: 'dead', incarnation: 2, number: 41 }];
    await createBatcher({ counters, spoolId: 'dead', incarnation: 2, seats }).settle('t', settle('a'));
    expect(shape()).toEqual([[42, 'a']]);
  });

  it('without an answer: repeats the same batch, rejects reserves in time, gives back a late grant, keeps settles', async () => {
    let away = true;
    const { counters, shape } = wire((sent) => (away ? new StateUnavailable('away') : allGranted(sent)));
    const batcher = createBatcher({ counters, spoolId: 's', reserveTimeoutMs: 300 });
    const settled = batcher.settle('t', settle('x'));
    await expect(batcher.reserve('t', reserve('a'))).rejects.toBeInstanceOf(StateUnavailable);
    await expect(batcher.reserve('t', reserve('b'))).rejects.toBeInstanceOf(StateUnavailable);
    const repeated = shape();
    expect(repeated.length).toBeGreaterThan(2);
    expect(new Set(repeated.map(String))).toEqual(new Set(['1,x a']));
    away = false;
    expect(await settled).toEqual({ kind: 'settled' });
    await batcher.drain();
    expect(shape().slice(repeated.length)).toEqual([
      [1, 'x a'],
      [2, 'a'],
    ]);
  });

  it('a reserve is rejected in time while the store hangs', async () => {
    const { counters } = wire(() => new Promise<BatchReply>(() => {}));
    const batcher = createBatcher({ counters, spoolId: 's', reserveTimeoutMs: 20 });
    await expect(batcher.reserve('t', reserve('a'))).rejects.toBeInstanceOf(StateUnavailable);
    const settled = batcher.settle('t', settle('x'));
    batcher.stop();
    await expect(settled).rejects.toBeInstanceOf(StateUnavailable);
    await expect(batcher.reserve('t', reserve('b'))).rejects.toBeInstanceOf(StateUnavailable);
  });

  it('an item that the store rejects harms nobody else in its batch', async () => {
    const bad = ({ items }: Sent) => items.some((item) => item.callId === 'bad');
    const { counters, shape } = wire((sent) => (bad(sent) ? new StateRejected('twice') : allGranted(sent)));
    const batcher = createBatcher({ counters, spoolId: 's' });
    const replies = await Promise.allSettled(['a', 'bad', 'b'].map((id) => batcher.reserve('t', reserve(id))));
    expect(replies.map((reply) => reply.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(shape()).toEqual([
      [1, 'a bad b'],
      [1, 'a'],
      [2, 'bad'],
      [2, 'b'],
    ]);
  });

  it('rebuild: rejects reserves, keeps settles, uses the number again', async () => {
    const { counters, shape } = wire((sent, attempt) =>
      attempt === 1 ? { kind: 'rebuild', reason: 'lost' } : allGranted(sent),
    );
    const batcher = createBatcher({ counters, spoolId: 's' });
    const settled = batcher.settle('t', settle('x'));
    await expect(batcher.reserve('t', reserve('a'))).rejects.toBeInstanceOf(TagRebuild);
    expect(await batcher.reserve('t', reserve('b'))).toEqual(granted);
    expect(await settled).toEqual({ kind: 'settled' });
    expect(shape()).toEqual([
      [1, 'x a'],
      [1, 'x b'],
    ]);
  });

  it('superseded: everything on every tag is refused from then on', async () => {
    const { counters, shape } = wire(({ seat }) =>
      seat.tag === 't' ? { kind: 'superseded' } : new StateUnavailable('away'),
    );
    const batcher = createBatcher({ counters, spoolId: 's' });
    const asked = [
      batcher.settle('u', settle('x')),
      batcher.reserve('t', reserve('a')),
      batcher.settle('t', settle('y')),
    ];
    for (const reply of await Promise.allSettled(asked)) {
      expect(reply).toMatchObject({ status: 'rejected', reason: expect.any(Superseded) });
    }
    const before = shape().length;
    await expect(batcher.reserve('v', reserve('b'))).rejects.toBeInstanceOf(Superseded);
    await batcher.drain();
    expect(shape()).toHaveLength(before);
  });

  it('refuses more waiting reserves than its limit, never a settle', async () => {
    const { counters } = wire(allGranted);
    const batcher = createBatcher({ counters, spoolId: 's', queueItemsMax: 1 });
    const replies = await Promise.allSettled([
      batcher.reserve('t', reserve('a')),
      batcher.reserve('t', reserve('b')),
      batcher.settle('t', settle('x')),
    ]);
    expect(replies.map((reply) => reply.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
