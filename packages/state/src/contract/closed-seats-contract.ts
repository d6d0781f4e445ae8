import { describe, expect, it } from 'vitest';
import { createBatcher } from '../batcher.ts';
import { type CounterStore, type Seat, type StatePort, StateUnavailable } from '../port.ts';
import {
  ask,
  duringSuite,
  type OpenHarness,
  openSeat,
  registerSpool,
  reserveItem,
  type StateHarness,
  settleItem,
} from './harness.ts';

/** Seats that are given back, and what late batches of them meet. */
export function closedSeatsContract(open: OpenHarness): void {
  describe('closed seats', () => {
    let harness: StateHarness;
    let state: StatePort;
    duringSuite(open, (opened) => {
      harness = opened;
      state = opened.connect();
    });

    /** A seat that has settled its one call, and the place of its last batch. */
    async function usedSeat() {
      const seat = await openSeat(state);
      const item = reserveItem({ nodes: [ask(5n, 100n)] });
      await seat.send(item);
      const last = seat.next();
      const settles = [settleItem(item.callId, { 'budget:own': 5n })];
      await state.counters.batch(last, settles);
      return { seat, last, first: { ...last, number: 1 }, item, settles };
    }

    it('is closed once and again; its late batches open no other, and the next one begins after its number', async () => {
      const { seat, last, first, item, settles } = await usedSeat();
      expect(await state.counters.closeSeat(last)).toEqual({ kind: 'closed' });
      expect(await state.counters.closeSeat(last)).toEqual({ kind: 'closed' });
      expect(await state.counters.batch(first, [item])).toEqual({ kind: 'begin', after: 2 });
      expect(await state.counters.batch({ ...first, opens: true }, [item])).toEqual({ kind: 'begin', after: 2 });
      expect((await state.counters.batch(last, settles)).kind).toBe('rebuild');
      expect((await state.counters.batch({ ...last, number: 3 }, [item])).kind).toBe('rebuild');
      expect(await state.counters.read(seat.tag)).toMatchObject([{ spent: 5n, held: 0n }]);

      const opening = { ...last, number: 7, opens: true };
      const more = reserveItem({ nodes: [ask(10n, 100n)] });
      const granted = await state.counters.batch(opening, [more]);
      expect(granted).toMatchObject({
        kind: 'done',
        replies: [{ kind: 'granted', nodes: [{ spent: 5n, held: 10n }] }],
      });
      expect(await state.counters.batch(opening, [more])).toEqual(granted);
      expect((await state.counters.closeSeat(last)).kind).toBe('rebuild');
      const next: Seat = { ...last, number: 8 };
      expect((await state.counters.batch(next, [settleItem(more.callId)])).kind).toBe('done');
      expect(await state.counters.closeSeat(next)).toEqual({ kind: 'closed' });
      expect(await state.counters.holds({ spoolId: seat.spoolId })).toEqual([]);
    });

    it('is refused while a hold is out, and under a number that is not the last', async () => {
      const seat = await openSeat(state);
      const item = reserveItem({ nodes: [ask(5n, 100n)] });
      const place = seat.next();
      await state.counters.batch(place, [item]);
      expect(await state.counters.closeSeat(place)).toEqual({ kind: 'held' });
      expect((await state.counters.closeSeat({ ...place, number: 2 })).kind).toBe('rebuild');
      await seat.send(settleItem(item.callId));
      expect((await state.counters.closeSeat(place)).kind).toBe('rebuild');
    });

    it('a seat that neither is there nor was closed has been lost', async () => {
      const seat = await openSeat(state);
      expect((await state.counters.closeSeat({ ...seat.next(), number: 4 })).kind).toBe('rebuild');
    });

    it('a close under another store, epoch or incarnation changes nothing', async () => {
      const { seat, last } = await usedSeat();
      await harness.changeIdentity();
      expect((await state.counters.closeSeat(last)).kind).toBe('rebuild');
      await harness.restoreIdentity();
      expect(await state.counters.closeSeat({ ...last, epoch: last.epoch - 1 })).toEqual({
        kind: 'epoch',
        epoch: last.epoch,
      });
      expect((await state.counters.closeSeat({ ...last, epoch: last.epoch + 1 })).kind).toBe('rebuild');
      expect((await state.counters.closeSeat({ ...last, incarnation: 2 })).kind).toBe('rebuild');
      await state.spools.takeOver(seat.spoolId, await registerSpool(state));
      expect(await state.counters.closeSeat(last)).toEqual({ kind: 'superseded' });
      expect(await state.counters.closeSeat({ ...last, incarnation: 2 })).toEqual({ kind: 'closed' });
      await state.spools.close(seat.spoolId);
      expect(await state.counters.closeSeat({ ...last, number: 9 })).toEqual({ kind: 'superseded' });
    });

    it('a takeover finds what was held after a close, and a late first batch of before is superseded', async () => {
      const { seat, last, first, item } = await usedSeat();
      await state.counters.closeSeat(last);
      const held = reserveItem({ nodes: [ask(3n, 100n)] });
      await state.counters.batch({ ...last, number: 3, opens: true }, [held]);
      const by = await registerSpool(state);
      const taken = await state.spools.takeOver(seat.spoolId, by);
      expect(taken.holds.map((hold) => hold.callId)).toEqual([held.callId]);
      expect(taken.seats).toMatchObject([{ tag: seat.tag, incarnation: 2, number: 3 }]);
      expect(await state.counters.batch(first, [item])).toEqual({ kind: 'superseded' });
      expect(await state.counters.batch({ ...last, number: 4, opens: true }, [item])).toEqual({ kind: 'superseded' });
    });

    it('a batcher closes what is idle though replies are lost, and begins again where others closed higher numbers', async () => {
      const { seat } = await usedSeat();
      const spoolId = await registerSpool(state);
      let lose = true;
      let lost = 0;
      const counters: CounterStore = {
        ...state.counters,
        async closeSeat(place) {
          const reply = await state.counters.closeSeat(place);
          if (lose) lost += 1;
          if (lose) throw new StateUnavailable('the reply was lost');
          return reply;
        },
      };
      const { epoch } = await state.epochs.current();
      const batcher = createBatcher({ counters, spoolId, epoch, idleMs: 40, reserveTimeoutMs: 20_000 });
      const nodes = [ask(1n, 100n)];
      const call = async () => {
        const item = reserveItem({ nodes });
        const reply = await batcher.reserve(seat.tag, item);
        await batcher.settle(seat.tag, settleItem(item.callId, { 'budget:own': 1n }));
        return reply.kind;
      };
      expect(await call()).toBe('granted');
      await expect.poll(() => lost).toBeGreaterThan(1);
      const late = call();
      lose = false;
      expect(await late).toBe('granted');
      await expect.poll(() => batcher.size).toBe(0);
      await state.counters.closeSeat(await farSeat(seat.tag));
      expect(await call()).toBe('granted');
      await expect.poll(() => batcher.size).toBe(0);
      const taken = await state.spools.takeOver(spoolId, await registerSpool(state));
      expect(taken).toEqual({ incarnation: 2, seats: [], holds: [] });
      expect(await state.counters.read(seat.tag)).toMatchObject([{ spent: 8n, held: 0n }]);
      batcher.stop();
    });

    /** Another gateway that has gone far in the tag. */
    async function farSeat(tag: string): Promise<Seat> {
      const { epoch } = await state.epochs.current();
      const place = { tag, epoch, spoolId: await registerSpool(state), incarnation: 1, number: 90, opens: true };
      await state.counters.batch(place, []);
      return place;
    }
  });
}
