import { describe, expect, it } from 'vitest';
import { createBatcher, Superseded, TagRebuild } from '../batcher.ts';
import { type CounterStore, type Seat, type StatePort, StateRejected, StateUnavailable } from '../port.ts';
import {
  ask,
  duringSuite,
  freshId,
  type OpenHarness,
  openCustomer,
  openSeat,
  registerSpool,
  reserveItem,
  type StateHarness,
  settleItem,
} from './harness.ts';

/** Numbers, identity, incarnations, takeover. */
export function seatsContract(open: OpenHarness): void {
  describe('seats', () => {
    let harness: StateHarness;
    let state: StatePort;
    duringSuite(open, (opened) => {
      harness = opened;
      state = opened.connect();
    });

    it('a batch sent again under its number gets its first reply and is counted once', async () => {
      const seat = await openSeat(state);
      const place = seat.next();
      const items = [reserveItem({ nodes: [ask(40n, 100n)] }), reserveItem({ nodes: [ask(70n, 100n)] })];
      const first = await state.counters.batch(place, items);
      const again = await Promise.all([state.counters.batch(place, items), state.counters.batch(place, items)]);
      expect(again).toEqual([first, first]);
      expect(first).toMatchObject({ kind: 'done', replies: [{ kind: 'granted' }, { kind: 'held' }] });
      expect(await state.counters.read(seat.tag)).toMatchObject([{ spent: 0n, held: 40n }]);
    });

    it('a batcher whose reply is lost gets the grant once', async () => {
      const customerId = await openCustomer(state);
      const spoolId = await registerSpool(state);
      let lost = 0;
      const counters: CounterStore = {
        ...state.counters,
        async batch(place, items) {
          const reply = await state.counters.batch(place, items);
          if (lost < 2) {
            lost += 1;
            throw new StateUnavailable('the reply was lost');
          }
          return reply;
        },
      };
      const batcher = createBatcher({ counters, spoolId });
      const reply = await batcher.reserve(`c:${customerId}`, reserveItem({ nodes: [ask(40n, 100n)] }));
      expect(reply).toMatchObject({ kind: 'granted', nodes: [{ held: 40n }] });
      expect(lost).toBe(2);
      expect(await state.counters.read(`c:${customerId}`)).toMatchObject([{ held: 40n }]);
    });

    it('a number behind or ahead asks for a rebuild and changes nothing', async () => {
      const seat = await openSeat(state);
      await seat.send(reserveItem({ nodes: [ask(1n, 100n)] }));
      await seat.send(reserveItem({ nodes: [ask(1n, 100n)] }));
      const place: Seat = { tag: seat.tag, epoch: 1, spoolId: seat.spoolId, incarnation: 1, number: 1 };
      const item = reserveItem({ nodes: [ask(1n, 100n)] });
      expect((await state.counters.batch(place, [item])).kind).toBe('rebuild');
      expect((await state.counters.batch({ ...place, number: 4 }, [item])).kind).toBe('rebuild');
      expect(await state.counters.read(seat.tag)).toMatchObject([{ held: 2n }]);
    });

    it('an unknown tag, an unknown spool or an unknown seat past its first number asks for a rebuild', async () => {
      const customerId = await openCustomer(state);
      const spoolId = await registerSpool(state);
      const place: Seat = { tag: `c:${customerId}`, epoch: 1, spoolId, incarnation: 1, number: 1 };
      const kindOf = async (over: Partial<Seat>) => (await state.counters.batch({ ...place, ...over }, [])).kind;
      expect(await kindOf({ tag: `c:${freshId('cus')}` })).toBe('rebuild');
      expect(await kindOf({ spoolId: freshId('spl') })).toBe('rebuild');
      expect(await kindOf({ number: 2 })).toBe('rebuild');
      expect(await kindOf({ incarnation: 2 })).toBe('rebuild');
      expect(await kindOf({})).toBe('done');
    });

    it('a tag made by another store asks for a rebuild; the batcher says so', async () => {
      const seat = await openSeat(state);
      await seat.send(reserveItem());
      const batcher = createBatcher({ counters: state.counters, spoolId: await registerSpool(state) });
      await harness.changeIdentity();
      try {
        expect((await state.counters.batch(seat.next(), [reserveItem()])).kind).toBe('rebuild');
        await expect(batcher.reserve(seat.tag, reserveItem())).rejects.toBeInstanceOf(TagRebuild);
      } finally {
        await harness.restoreIdentity();
      }
      expect((await batcher.reserve(seat.tag, reserveItem())).kind).toBe('granted');
    });

    it('takeover: the dead one is superseded, its holds are listed, the successor settles them', async () => {
      const dead = await openSeat(state);
      const by = await registerSpool(state);
      const item = reserveItem({ nodes: [ask(40n, 100n)] });
      await dead.send(item, reserveItem({ nodes: [ask(10n, 100n)] }));
      const lateBatch = dead.next();

      const taken = await state.spools.takeOver(dead.spoolId, by);
      expect(await state.spools.takeOver(dead.spoolId, by)).toEqual(taken);
      expect(taken.seats).toEqual([{ tag: dead.tag, epoch: 1, spoolId: dead.spoolId, incarnation: 2, number: 1 }]);
      expect(taken.holds.map((hold) => hold.callId)).toContain(item.callId);
      expect(taken.holds).toHaveLength(2);
      expect(await state.counters.batch(lateBatch, [reserveItem()])).toEqual({ kind: 'superseded' });

      const late = createBatcher({ counters: state.counters, spoolId: dead.spoolId });
      await expect(late.reserve(dead.tag, reserveItem())).rejects.toBeInstanceOf(Superseded);
      const otherTag = `c:${await openCustomer(state)}`;
      const elsewhere = createBatcher({ counters: state.counters, spoolId: dead.spoolId });
      await expect(elsewhere.reserve(otherTag, reserveItem())).rejects.toBeInstanceOf(Superseded);

      const successor = createBatcher({
        ...{ counters: state.counters, spoolId: dead.spoolId, incarnation: 2, seats: taken.seats },
      });
      for (const hold of taken.holds) {
        const charges = hold.callId === item.callId ? { 'budget:own': 25n } : {};
        expect(await successor.settle(hold.tag, settleItem(hold.callId, charges))).toEqual({ kind: 'settled' });
      }
      expect(await state.counters.read(dead.tag)).toMatchObject([{ spent: 25n, held: 0n }]);
    });

    it('takeover: waits for no reply, so a batch under way is either counted and listed or superseded', async () => {
      for (let round = 0; round < 10; round += 1) {
        const dead = await openSeat(state);
        const by = await registerSpool(state);
        const item = reserveItem({ nodes: [ask(40n, 100n)] });
        const [reply, taken] = await Promise.all([
          state.counters.batch(dead.next(), [item]),
          state.spools.takeOver(dead.spoolId, by),
        ]);
        expect(taken.holds.map((hold) => hold.callId)).toEqual(reply.kind === 'done' ? [item.callId] : []);
        expect(['done', 'superseded']).toContain(reply.kind);
      }
    });

    it('takeover: a second successor supersedes the first', async () => {
      const dead = await openSeat(state);
      await dead.send(reserveItem());
      await state.spools.takeOver(dead.spoolId, await registerSpool(state));
      const second = await state.spools.takeOver(dead.spoolId, await registerSpool(state));
      expect(second.seats).toMatchObject([{ incarnation: 3, number: 1 }]);
      const place: Seat = { tag: dead.tag, epoch: 1, spoolId: dead.spoolId, incarnation: 2, number: 2 };
      expect(await state.counters.batch(place, [])).toEqual({ kind: 'superseded' });
      expect(await state.spools.takeOver(freshId('spl'), dead.spoolId)).toEqual({
        ...{ incarnation: 1, seats: [], holds: [] },
      });
    });

    it('a taken spool is settled without a seat, once, and is closed; its late batch is superseded', async () => {
      const dead = await openSeat(state);
      const [one, two] = [reserveItem({ nodes: [ask(10n, 100n)] }), reserveItem({ nodes: [ask(40n, 100n)] })];
      await dead.send(one, two);
      const lateBatch = dead.next();
      const settles = [settleItem(one.callId, { 'budget:own': 4n }), settleItem(two.callId, { 'budget:own': 50n })];
      const settle = () => state.spools.settleTaken(dead.spoolId, dead.tag, settles);
      await expect(settle()).rejects.toBeInstanceOf(StateRejected);
      await state.spools.takeOver(dead.spoolId, 'operator');
      await settle();
      await settle();
      expect(await state.counters.read(dead.tag)).toMatchObject([{ spent: 44n, held: 0n }]);
      expect(await state.counters.holds({ spoolId: dead.spoolId })).toEqual([]);
      await state.spools.close(dead.spoolId);
      expect(await state.counters.batch(lateBatch, settles)).toEqual({ kind: 'superseded' });
      await harness.changeIdentity();
      await expect(settle()).rejects.toBeInstanceOf(StateRejected);
      await harness.restoreIdentity();
    });

    it('reports: the newest is listed, none of a spool that is not there or was closed', async () => {
      const [spoolId, closed] = [await registerSpool(state), await registerSpool(state)];
      const reportOf = async (id: string) => (await state.spools.list()).find((spool) => spool.spoolId === id)?.report;
      expect(await reportOf(spoolId)).toBeNull();
      const before = await state.nowMs();
      await state.spools.report(spoolId, { sequence: 3, sinceMs: 1_000 });
      await state.spools.report(spoolId, { sequence: 9_000_000, sinceMs: before });
      const report = await reportOf(spoolId);
      expect(report).toMatchObject({ sequence: 9_000_000, sinceMs: before });
      expect(report?.atMs).toBeGreaterThanOrEqual(before);
      expect(report?.atMs).toBeLessThanOrEqual(await state.nowMs());
      await state.spools.close(closed);
      await state.spools.report(closed, { sequence: 1, sinceMs: before });
      expect(await reportOf(closed)).toBeNull();
      await state.spools.report('spl_nobody', { sequence: 1, sinceMs: before });
      expect(await reportOf('spl_nobody')).toBeUndefined();
    });

    it('close: refused while holds are out, final afterwards', async () => {
      const seat = await openSeat(state);
      const item = reserveItem({ nodes: [ask(1n, 2n)] });
      await seat.send(item);
      await expect(state.spools.close(seat.spoolId)).rejects.toBeInstanceOf(StateRejected);
      await seat.send(settleItem(item.callId));
      await state.spools.close(seat.spoolId);
      await state.spools.close(seat.spoolId);
      expect(await state.counters.batch(seat.next(), [reserveItem()])).toEqual({ kind: 'superseded' });
      const [spool] = (await state.spools.list()).filter((entry) => entry.spoolId === seat.spoolId);
      expect(spool).toMatchObject({ bootId: 'boot_1', host: 'host-1', closedAtMs: expect.any(Number) });
    });
  });
}
