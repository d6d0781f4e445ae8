import { periodAt } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import { createBatcher } from '../batcher.ts';
import { type Hold, type Rejoin, type StatePort, StateRejected, StateUnavailable } from '../port.ts';
import { payment } from './claims-contract.ts';
import {
  ask,
  customer,
  duringSuite,
  freshId,
  type OpenHarness,
  openSeat,
  reserveItem,
  type StateHarness,
  settleItem,
} from './harness.ts';

/** Raise, rejoin, restore, open. */
export function epochsContract(open: OpenHarness): void {
  describe('epochs', () => {
    let state: StatePort;
    let other: StatePort;
    let harness: StateHarness;
    duringSuite(open, (opened) => {
      harness = opened;
      state = opened.connect();
      other = opened.connect();
    });

    const month = () => periodAt('month', Date.now()).id;
    const closeEpoch = async () => state.epochs.raise((await state.epochs.current()).epoch, 'a test');
    const rejoinOf = (epoch: number, spoolId: string, holds: readonly Hold[] = []): Rejoin => ({
      ...{ epoch, spoolId, sequence: 7, holds, claims: [] },
    });

    it('is raised once by all who saw the same loss, and opens as what it is', async () => {
      const before = await state.epochs.current();
      expect(before.kind).toBe('open');
      const raised = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 ? state : other).epochs.raise(before.epoch, `loss ${index}`),
        ),
      );
      expect(new Set(raised.map(({ epoch, kind }) => `${epoch} ${kind}`))).toEqual(
        new Set([`${before.epoch + 1} closed`]),
      );
      expect(await other.epochs.survey()).toEqual(raised[0]);
      expect(await state.epochs.open(before.epoch)).toMatchObject({ kind: 'closed', epoch: before.epoch + 1 });
      expect(await state.epochs.open(before.epoch + 1)).toMatchObject({ kind: 'open', epoch: before.epoch + 1 });
      expect(await other.epochs.survey()).toMatchObject({ kind: 'open', epoch: before.epoch + 1 });
    });

    it('one that was opened in another store is lost: no payment is claimed, no tag is made, until it is raised', async () => {
      const request = { callId: freshId('evt'), spoolId: 'spl_1', requestHash: 'hash-1' };
      const { epoch } = await state.epochs.current();
      const record = payment(freshId('x402'));
      await harness.changeIdentity();
      try {
        expect(await state.epochs.current()).toMatchObject({ epoch, kind: 'lost' });
        expect(await other.epochs.survey()).toMatchObject({ epoch, kind: 'lost' });
        await expect(state.claims.claim(record, request)).rejects.toBeInstanceOf(StateUnavailable);
        const customerId = freshId('cus');
        await state.directory.putCustomer(customer(customerId), []);
        const seat = { ...(await openSeat(state, customerId)).next(), epoch };
        expect((await state.counters.batch(seat, [reserveItem()])).kind).toBe('rebuild');
      } finally {
        await harness.restoreIdentity();
      }
      const raised = await state.epochs.raise(epoch, 'lost');
      expect(raised).toMatchObject({ epoch: epoch + 1, kind: 'closed' });
      expect(await state.epochs.open(epoch + 1)).toMatchObject({ kind: 'open' });
      expect((await state.claims.claim(record, request)).kind).toBe('claimed');
    });

    it('a report is kept as it was first given, holds and claims whole; one of another epoch is rejected', async () => {
      const seat = await openSeat(state);
      await seat.send(reserveItem({ nodes: [ask(9_000_000_000_000_000n, 9_000_000_000_000_000n)] }));
      const holds = await state.counters.holds({ tag: seat.tag });
      const { epoch } = await closeEpoch();
      const record = payment(freshId('x402'), 'settling', 3);
      const claim = { record, callId: 'evt_1', spoolId: seat.spoolId, requestHash: 'hash-1' };
      const report = { ...rejoinOf(epoch, seat.spoolId, holds), claims: [claim] };
      await state.epochs.rejoin(report);
      await state.epochs.rejoin(rejoinOf(epoch, seat.spoolId));
      expect(await other.epochs.reports(epoch)).toEqual([report]);
      await expect(state.epochs.rejoin(rejoinOf(epoch - 1, seat.spoolId))).rejects.toBeInstanceOf(StateRejected);
      await state.epochs.open(epoch);
      await expect(state.epochs.rejoin(rejoinOf(epoch, seat.spoolId))).rejects.toBeInstanceOf(StateRejected);
    });

    it('a restored tag has what was spent and what is held, and nothing else; numbers begin again', async () => {
      const seat = await openSeat(state);
      const [running, forgotten] = [
        reserveItem({ nodes: [ask(30n, 100n), ask(30n, 100n, 'budget:key', 'total')] }),
        reserveItem({ nodes: [ask(50n, 100n)] }),
      ];
      await seat.send(running, forgotten);
      const holds = (await state.counters.holds({ tag: seat.tag })).filter((hold) => hold.callId === running.callId);
      const { epoch } = await closeEpoch();
      const spent = [
        { node: 'budget:own', periodId: month(), spent: 60n },
        { node: 'budget:own', periodId: '2020-02', spent: 5n },
      ];
      await state.epochs.restoreTag(epoch, seat.tag, spent, holds);
      await state.epochs.restoreTag(epoch, seat.tag, spent, holds);
      await state.epochs.open(epoch);

      expect(await state.counters.holds({ tag: seat.tag })).toEqual(holds);
      const late = seat.next();
      expect(await state.counters.batch(late, [reserveItem()])).toEqual({ kind: 'epoch', epoch });
      const now = { ...late, epoch };
      expect((await state.counters.batch(now, [reserveItem()])).kind).toBe('rebuild');
      const items = [reserveItem({ nodes: [ask(11n, 100n)] }), reserveItem({ nodes: [ask(10n, 100n)] })];
      const first = { ...now, number: 1 };
      const reply = await state.counters.batch(first, items);
      expect(reply).toMatchObject({
        kind: 'done',
        replies: [
          { kind: 'held', node: { spent: 60n, held: 30n } },
          { kind: 'granted', nodes: [{ spent: 60n, held: 40n }] },
        ],
      });
      expect(await state.counters.batch(first, items)).toEqual(reply);
      const charges = { 'budget:own': 25n, 'budget:key': 30n };
      const settled = await state.counters.batch({ ...now, number: 2 }, [settleItem(running.callId, charges)]);
      expect(settled).toMatchObject({ kind: 'done', replies: [{ kind: 'settled' }] });
      expect(await state.counters.read(seat.tag)).toMatchObject([
        { node: 'budget:key', spent: 30n, held: 0n },
        { node: 'budget:own', spent: 85n, held: 10n },
      ]);
    });

    it('a restored hold is found and settled by the successor of a gateway that died meanwhile', async () => {
      const seat = await openSeat(state);
      const item = reserveItem({ nodes: [ask(30n, 100n)] });
      await seat.send(item);
      const holds = await state.counters.holds({ tag: seat.tag });
      const by = await openSeat(state);
      await state.spools.takeOver(seat.spoolId, by.spoolId);
      const { epoch } = await closeEpoch();
      await state.epochs.restoreTag(epoch, seat.tag, [], holds);
      await state.epochs.open(epoch);
      const taken = await state.spools.takeOver(seat.spoolId, by.spoolId);
      expect(taken).toMatchObject({ incarnation: 2, holds });
      const successor = createBatcher({
        ...{ counters: state.counters, spoolId: seat.spoolId, epoch },
        ...{ incarnation: taken.incarnation, seats: taken.seats },
      });
      const settled = await successor.settle(seat.tag, settleItem(item.callId, { 'budget:own': 20n }));
      expect(settled).toEqual({ kind: 'settled' });
      expect(await state.counters.read(seat.tag)).toMatchObject([{ spent: 20n, held: 0n }]);
    });

    it('a tag that was not restored grants nothing in the new epoch', async () => {
      const seat = await openSeat(state);
      const { epoch } = await closeEpoch();
      await state.epochs.open(epoch);
      const reply = await state.counters.batch({ ...seat.next(), epoch }, [reserveItem()]);
      expect(reply).toMatchObject({ kind: 'rebuild' });
    });

    it('nothing is restored outside of a closed epoch', async () => {
      const seat = await openSeat(state);
      const { epoch } = await state.epochs.current();
      await expect(state.epochs.restoreTag(epoch, seat.tag, [], [])).rejects.toBeInstanceOf(StateRejected);
      const claim = { record: payment(freshId('x402')), callId: 'evt_1', spoolId: 'spl_1', requestHash: 'h' };
      await expect(state.epochs.restoreClaims(epoch, [claim])).rejects.toBeInstanceOf(StateRejected);
    });

    it('a closed epoch makes no tag of a customer that is published, and restoring makes it', async () => {
      const { epoch } = await closeEpoch();
      const customerId = freshId('cus');
      await state.directory.putCustomer(customer(customerId), []);
      await state.epochs.open(epoch);
      const seat = await openSeat(state, customerId);
      expect((await state.counters.batch(seat.next(), [reserveItem()])).kind).toBe('rebuild');
      const { epoch: next } = await closeEpoch();
      await state.epochs.restoreTag(next, seat.tag, [], []);
      await state.epochs.open(next);
      const subject = `customer:${customerId}`;
      const stale = reserveItem({ versions: { [subject]: 0 } });
      const reply = await state.counters.batch({ ...seat.next(), epoch: next, number: 1 }, [stale]);
      expect(reply).toMatchObject({ replies: [{ kind: 'stale', subject, version: 1 }] });
    });

    it('claims: none is accepted or moved while closed; what is restored is taken afterwards, the newest stays', async () => {
      const request = { callId: freshId('evt'), spoolId: 'spl_1', requestHash: 'hash-1' };
      const [kept, lost] = [payment(freshId('x402')), payment(freshId('x402'), 'settled', 4)];
      await state.claims.claim(kept, request);
      await state.claims.move(
        kept.claimKey,
        { state: 'claimed', version: 1 },
        { ...kept, state: 'settling', version: 2 },
      );
      const { epoch } = await closeEpoch();
      const fresh = payment(freshId('x402'));
      await expect(state.claims.claim(fresh, request)).rejects.toBeInstanceOf(StateUnavailable);
      const moved = { ...kept, state: 'settled' as const, version: 3 };
      const move = state.claims.move(kept.claimKey, { state: 'settling', version: 2 }, moved);
      await expect(move).rejects.toBeInstanceOf(StateUnavailable);
      await state.epochs.restoreClaims(epoch, [
        { record: kept, ...request },
        { record: lost, ...request },
      ]);
      await state.epochs.open(epoch);
      expect(await state.claims.get(kept.claimKey)).toMatchObject({ state: 'settling', version: 2 });
      const again = await state.claims.claim(payment(lost.claimKey), { ...request, callId: freshId('evt') });
      expect(again).toMatchObject({ kind: 'taken', claim: { state: 'settled', version: 4 } });
      expect((await state.claims.claim(fresh, request)).kind).toBe('claimed');
    });

    it('claims: a settled payment takes the place of another claim on its authorization, which never takes its', async () => {
      const request = { callId: freshId('evt'), spoolId: 'spl_1', requestHash: 'hash-1' };
      const later = payment(freshId('x402'));
      const settled = { ...payment(later.claimKey, 'settled', 3), paymentId: freshId('pay') };
      await state.claims.claim(later, request);
      const { epoch } = await closeEpoch();
      for (const record of [settled, { ...later, version: 9 }]) {
        await state.epochs.restoreClaims(epoch, [{ record, ...request }]);
      }
      await state.epochs.open(epoch);
      const { paymentId } = settled;
      expect(await state.claims.get(later.claimKey)).toMatchObject({ paymentId, state: 'settled', version: 3 });
    });
  });
}
