import { describe, expect, it } from 'vitest';
import { type BatchItem, type StatePort, StateRejected } from '../port.ts';
import {
  ask,
  customer,
  duringSuite,
  type OpenHarness,
  openSeat,
  reserveItem,
  type StateHarness,
  settleItem,
  take,
} from './harness.ts';

const most = 9_000_000_000_000_000n;

/** A window that hardly ever ends between two calls. */
const DAY_SECONDS = 86_400;

/** Reserve, settle, windows and versions, one seat at a time. */
export function countersContract(open: OpenHarness): void {
  describe('counters', () => {
    let harness: StateHarness;
    let state: StatePort;
    duringSuite(open, (opened) => {
      harness = opened;
      state = opened.connect();
    });

    it('reserve: grants over all nodes and shows the hold', async () => {
      const seat = await openSeat(state);
      const item = reserveItem({ nodes: [ask(30n, 100n, 'budget:own'), ask(30n, 50n, 'budget:key', 'day')] });
      const [reply] = await seat.send(item);
      expect(reply).toMatchObject({
        kind: 'granted',
        nodes: [
          { node: 'budget:own', period: 'month', limit: 100n, spent: 0n, held: 30n },
          { node: 'budget:key', period: 'day', limit: 50n, spent: 0n, held: 30n },
        ],
      });
      const [hold, ...others] = await state.counters.holds({ tag: seat.tag });
      expect(others).toEqual([]);
      expect(hold).toMatchObject({ callId: item.callId, tag: seat.tag, spoolId: seat.spoolId, reason: 'a call' });
      expect(hold?.nodes.map((part) => [part.node, part.amount])).toEqual([
        ['budget:own', 30n],
        ['budget:key', 30n],
      ]);
      expect(hold?.deadlineAtMs).toBe(item.deadlineAtMs);
    });

    it('reserve: all or nothing over nodes; the one without room is named', async () => {
      const seat = await openSeat(state);
      const items = [ask(60n, 100n, 'budget:own'), ask(60n, 50n, 'budget:key')];
      const [refused, granted] = await seat.send(
        reserveItem({ nodes: items }),
        reserveItem({ nodes: [ask(100n, 100n, 'budget:own')] }),
      );
      expect(refused).toMatchObject({
        kind: 'exhausted',
        node: { node: 'budget:key', limit: 50n, spent: 0n, held: 0n },
      });
      expect(granted?.kind).toBe('granted');
    });

    it('reserve: held while running calls hold the rest, exhausted once it is spent', async () => {
      const seat = await openSeat(state);
      const first = reserveItem({ nodes: [ask(80n, 100n)] });
      const [, second] = await seat.send(first, reserveItem({ nodes: [ask(30n, 100n)] }));
      expect(second).toMatchObject({ kind: 'held', node: { spent: 0n, held: 80n } });
      const [, third] = await seat.send(
        settleItem(first.callId, { 'budget:own': 80n }),
        reserveItem({ nodes: [ask(30n, 100n)] }),
      );
      expect(third).toMatchObject({ kind: 'exhausted', node: { spent: 80n, held: 0n } });
    });

    it('reserve: an exhausted node is named before one that is only held', async () => {
      const seat = await openSeat(state);
      await seat.send(reserveItem({ nodes: [ask(90n, 100n, 'budget:own')] }));
      const [reply] = await seat.send(
        reserveItem({ nodes: [ask(20n, 100n, 'budget:own'), ask(20n, 10n, 'budget:key')] }),
      );
      expect(reply).toMatchObject({ kind: 'exhausted', node: { node: 'budget:key' } });
    });

    it('settle: charges at most the hold, releases the rest, once', async () => {
      const seat = await openSeat(state);
      const item = reserveItem({ nodes: [ask(50n, 100n, 'budget:own'), ask(50n, 100n, 'budget:key')] });
      await seat.send(item);
      const settle = settleItem(item.callId, { 'budget:own': 70n });
      expect(await seat.send(settle, settle)).toEqual([{ kind: 'settled' }, { kind: 'unknown-hold' }]);
      expect(await seat.send(settle)).toEqual([{ kind: 'unknown-hold' }]);
      const counters = await state.counters.read(seat.tag);
      expect(counters.map(({ node, spent, held }) => ({ node, spent, held }))).toEqual([
        { node: 'budget:own', spent: 50n, held: 0n },
      ]);
      expect(await state.counters.holds({ tag: seat.tag })).toEqual([]);
    });

    it('settle: what it frees can be reserved in the same batch', async () => {
      const seat = await openSeat(state);
      const item = reserveItem({ nodes: [ask(100n, 100n)] });
      await seat.send(item);
      const replies = await seat.send(
        reserveItem({ nodes: [ask(90n, 100n)] }),
        settleItem(item.callId, { 'budget:own': 10n }),
      );
      expect(replies.map((reply) => reply.kind)).toEqual(['granted', 'settled']);
    });

    it('settle: a call that reserved nothing is held and settled too', async () => {
      const seat = await openSeat(state);
      const item = reserveItem();
      expect(await seat.send(item)).toEqual([{ kind: 'granted', windows: [], nodes: [] }]);
      expect(await state.counters.holds({ tag: seat.tag })).toHaveLength(1);
      expect(await seat.send(settleItem(item.callId))).toEqual([{ kind: 'settled' }]);
    });

    it('settle: another spool cannot settle a hold', async () => {
      const seat = await openSeat(state);
      const other = await openSeat(state, seat.customerId);
      const item = reserveItem({ nodes: [ask(10n, 100n)] });
      await seat.send(item);
      expect(await other.send(settleItem(item.callId, { 'budget:own': 10n }))).toEqual([{ kind: 'unknown-hold' }]);
      expect(await state.counters.holds({ spoolId: seat.spoolId })).toHaveLength(1);
    });

    it('windows: exact, and a refused call consumes no token of any window', async () => {
      const seat = await openSeat(state);
      const windows = [take(100, 'rate:customer', DAY_SECONDS), take(2, 'rate:key', DAY_SECONDS)];
      const replies = await seat.send(
        reserveItem({ windows, nodes: [ask(200n, 100n)] }),
        reserveItem({ windows }),
        reserveItem({ windows }),
        reserveItem({ windows }),
        reserveItem({ windows: [take(100, 'rate:customer', DAY_SECONDS)] }),
      );
      expect(replies.map((reply) => reply.kind)).toEqual(['exhausted', 'granted', 'granted', 'window-full', 'granted']);
      expect(replies[3]).toMatchObject({ kind: 'window-full', window: 'rate:key', limit: 2 });
      expect(replies[4]).toMatchObject({ windows: [{ window: 'rate:customer', limit: 100, remaining: 97 }] });
      const read = await state.counters.readWindows(seat.tag, [...windows, take(9, 'rate:nobody', DAY_SECONDS)]);
      expect(read.map(({ window, taken }) => [window, taken])).toEqual([
        ['rate:customer', 3],
        ['rate:key', 2],
        ['rate:nobody', 0],
      ]);
    });

    it('windows: start at multiples of their length by the store`s clock and fill anew', async () => {
      const seat = await openSeat(state);
      await harness.setClock(1_800_000_059_500);
      const send = async () => (await seat.send(reserveItem({ windows: [take(1)] })))[0];
      expect(await send()).toMatchObject({ windows: [{ remaining: 0, resetAtMs: 1_800_000_060_000 }] });
      expect(await send()).toMatchObject({ kind: 'window-full', resetAtMs: 1_800_000_060_000 });
      const window = take(1);
      expect(await state.counters.readWindows(seat.tag, [window])).toMatchObject([
        { taken: 1, resetAtMs: 1_800_000_060_000 },
      ]);
      await harness.setClock(1_800_000_060_000);
      expect(await state.counters.readWindows(seat.tag, [window])).toMatchObject([
        { taken: 0, resetAtMs: 1_800_000_120_000 },
      ]);
      expect(await send()).toMatchObject({ windows: [{ remaining: 0, resetAtMs: 1_800_000_120_000 }] });
      await harness.setClock(null);
    });

    it('versions: an older one than the store knows is stale and takes nothing', async () => {
      const seat = await openSeat(state);
      const subject = `customer:${seat.customerId}`;
      const nodes = [ask(10n, 100n)];
      await state.directory.putCustomer(customer(seat.customerId, 4), []);
      await state.directory.putSnapshot(`api_of_${seat.customerId}`, 7, '{}');
      const api = `api:api_of_${seat.customerId}`;
      const replies = await seat.send(
        reserveItem({ nodes, windows: [take(9)], versions: { [subject]: 3, [api]: 7 } }),
        reserveItem({ nodes, windows: [take(9)], versions: { [subject]: 4, [api]: 6 } }),
        reserveItem({ nodes, windows: [take(9)], versions: { [subject]: 4, [api]: 7, 'api:unheard-of': 1 } }),
      );
      expect(replies[0]).toEqual({ kind: 'stale', subject, version: 4 });
      expect(replies[1]).toEqual({ kind: 'stale', subject: api, version: 7 });
      expect(replies[2]).toMatchObject({ kind: 'granted', windows: [{ remaining: 8 }], nodes: [{ held: 10n }] });
    });

    it('amounts are exact up to 9*10^15 and refused beyond', async () => {
      const seat = await openSeat(state);
      const item = reserveItem({ nodes: [ask(most - 1n, most)] });
      const [, fits, over] = await seat.send(
        item,
        reserveItem({ nodes: [ask(1n, most)] }),
        reserveItem({ nodes: [ask(1n, most)] }),
      );
      expect(fits).toMatchObject({ kind: 'granted', nodes: [{ held: most }] });
      expect(over).toMatchObject({ kind: 'held', node: { held: most, limit: most } });
      const [, after] = await seat.send(
        settleItem(item.callId, { 'budget:own': most - 2n }),
        reserveItem({ nodes: [ask(1n, most)] }),
      );
      expect(after).toMatchObject({ kind: 'granted', nodes: [{ spent: most - 2n, held: 2n }] });
      const tooMuch = state.counters.batch(seat.next(), [reserveItem({ nodes: [ask(most + 1n, most)] })]);
      await expect(tooMuch).rejects.toBeInstanceOf(StateRejected);
    });

    it('a call that holds already, or a node named twice, is rejected and changes nothing', async () => {
      const seat = await openSeat(state);
      const item = reserveItem({ nodes: [ask(10n, 100n)] });
      await seat.send(item);
      const place = seat.next();
      await expect(state.counters.batch(place, [item])).rejects.toBeInstanceOf(StateRejected);
      const twice = reserveItem({ nodes: [ask(1n, 100n), ask(1n, 100n)] });
      await expect(state.counters.batch(place, [twice])).rejects.toBeInstanceOf(StateRejected);
      const reply = await state.counters.batch(place, [reserveItem({ nodes: [ask(0n, 100n)] })]);
      expect(reply).toMatchObject({ kind: 'done', replies: [{ nodes: [{ held: 10n }] }] });
    });

    it('sums of sixteen digits stay exact over many odd amounts, also when read back', async () => {
      const seat = await openSeat(state);
      const odd = 562_500_000_000_001n;
      const items = Array.from({ length: 15 }, () => reserveItem({ nodes: [ask(odd, most)] }));
      await seat.send(...items);
      await seat.send(...items.map(({ callId }) => settleItem(callId, { 'budget:own': odd - 1n })));
      const spent = 15n * (odd - 1n);
      const rest = most - spent;
      const [over, fits] = await seat.send(
        reserveItem({ nodes: [ask(rest + 1n, most)] }),
        reserveItem({ nodes: [ask(rest, most)] }),
      );
      expect(over).toMatchObject({ kind: 'exhausted', node: { spent, held: 0n } });
      expect(fits).toMatchObject({ kind: 'granted', nodes: [{ spent, held: rest }] });
      expect(await state.counters.read(seat.tag)).toMatchObject([{ spent, held: rest, limit: most }]);
      expect((await state.counters.holds({ tag: seat.tag }))[0]?.nodes).toMatchObject([{ amount: rest }]);
    });

    it('a limit that was lowered below what is spent and held refuses, and the rest settles', async () => {
      const seat = await openSeat(state);
      const [first, second] = [1, 2].map(() => reserveItem({ nodes: [ask(most / 2n, most)] }));
      await seat.send(first as BatchItem, second as BatchItem);
      const [lower] = await seat.send(reserveItem({ nodes: [ask(1n, 1n)] }));
      expect(lower).toMatchObject({ kind: 'held', node: { limit: 1n, held: most } });
      const settled = await seat.send(settleItem(first?.callId ?? '', { 'budget:own': most }));
      expect(settled).toEqual([{ kind: 'settled' }]);
      expect((await seat.send(reserveItem({ nodes: [ask(0n, 0n)] })))[0]).toMatchObject({ kind: 'exhausted' });
      expect(await state.counters.read(seat.tag)).toMatchObject([{ spent: most / 2n, held: most / 2n }]);
    });

    it('what has ended is forgotten, what runs is kept: purge', async () => {
      const seat = await openSeat(state);
      const item = reserveItem({ nodes: [ask(10n, 100n)], windows: [take(3)] });
      await seat.send(item);
      await state.purge();
      expect(await state.counters.holds({ tag: seat.tag })).toHaveLength(1);
      const [reply] = await seat.send(reserveItem({ nodes: [ask(10n, 100n)], windows: [take(3)] }));
      expect(reply).toMatchObject({ kind: 'granted', nodes: [{ held: 20n }] });
    });

    it('odd characters in names survive', async () => {
      const seat = await openSeat(state);
      const node = 'budget:"a",\\b{} ü';
      const item = reserveItem({
        reason: 'null',
        nodes: [ask(1n, 5n, node), ask(1n, 5n, 'null')],
        windows: [take(3, '')],
      });
      await seat.send(item);
      const [hold] = await state.counters.holds({ tag: seat.tag });
      expect(hold?.reason).toBe('null');
      expect(hold?.nodes.map((part) => part.node)).toEqual([node, 'null']);
      expect(await seat.send(settleItem(item.callId, { [node]: 1n }))).toEqual([{ kind: 'settled' }]);
      expect((await state.counters.read(seat.tag)).map((counter) => [counter.node, counter.spent])).toEqual([
        [node, 1n],
      ]);
    });
  });
}
