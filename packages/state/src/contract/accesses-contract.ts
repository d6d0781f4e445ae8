import type { PaymentRecord, PaymentState } from '@tollwright/contracts';
import { describe, expect, it } from 'vitest';
import { ACCESS_PAYMENTS_MAX, type Access, type AccessAsk } from '../access-store.ts';
import type { StatePort } from '../port.ts';
import { payment } from './claims-contract.ts';
import { duringSuite, freshId, type OpenHarness, type StateHarness } from './harness.ts';

const HOUR_MS = 3_600_000;

/** Paid before is in: as long as a payment for the route is settled and its time is not over. */
export function accessesContract(open: OpenHarness): void {
  describe('accesses', () => {
    let harness: StateHarness;
    let state: StatePort;
    let other: StatePort;
    duringSuite(open, (opened) => {
      harness = opened;
      state = opened.connect();
      other = opened.connect();
    });

    const bought = (routeId: string, changes: Partial<PaymentRecord> = {}): PaymentRecord => ({
      ...{ ...payment(freshId('x402')), payer: '0xbb', routeId, accessSeconds: 3_600 },
      ...changes,
    });
    const claim = (record: PaymentRecord) =>
      state.claims.claim(record, { callId: freshId('evt'), spoolId: 'spl_live', requestHash: 'hash-1' });
    const moved = async (record: PaymentRecord, next: PaymentState, settledAtMs?: number): Promise<PaymentRecord> => {
      const { claimKey, state: from, version } = record;
      const settledAt = settledAtMs === undefined ? record.settledAt : new Date(settledAtMs).toISOString();
      const after = { ...record, state: next, version: version + 1, settledAt };
      expect((await state.claims.move(claimKey, { state: from, version }, after)).kind).toBe('moved');
      return after;
    };
    const settled = async (record: PaymentRecord, settledAtMs: number): Promise<PaymentRecord> => {
      await claim(record);
      return moved(record, 'settled', settledAtMs);
    };
    const find = (routeId: string, over: Partial<AccessAsk> = {}): Promise<Access | null> =>
      other.accesses.find({ routeId, livemode: true, payer: '0xbb', network: null, ...over });

    it('a payment lets its payer in from its settlement on, and for its route alone', async () => {
      const routeId = freshId('rte');
      const nowMs = await state.nowMs();
      const claimed = bought(routeId);
      await claim(claimed);
      const served = await moved(await moved(claimed, 'served'), 'settling');
      expect(await find(routeId)).toBeNull();
      await moved(served, 'settled', nowMs);
      const access = { paymentId: claimed.paymentId, untilMs: nowMs + HOUR_MS };
      expect([await find(routeId), await find(routeId, { network: claimed.network })]).toEqual([access, access]);
      const strangers = [{ payer: '0xcc' }, { routeId: freshId('rte') }, { livemode: false }, { network: 'eip155:1' }];
      for (const over of strangers) expect(await find(routeId, over), JSON.stringify(over)).toBeNull();
    });

    it('a payment for a route that gives no access lets nobody in', async () => {
      const routeId = freshId('rte');
      const { accessSeconds: _, ...plain } = bought(routeId);
      await settled(plain, await state.nowMs());
      expect(await find(routeId)).toBeNull();
    });

    it('a refund shuts the door, unless another payment holds it open', async () => {
      const routeId = freshId('rte');
      const nowMs = await state.nowMs();
      const first = await settled(bought(routeId), nowMs - 60_000);
      const second = await settled(bought(routeId), nowMs);
      expect(await find(routeId)).toMatchObject({ paymentId: second.paymentId });
      const refunding = await moved(second, 'refunding');
      expect(await find(routeId)).toEqual({ paymentId: first.paymentId, untilMs: nowMs - 60_000 + HOUR_MS });
      await moved(refunding, 'refunded');
      await moved(first, 'refunding');
      expect(await find(routeId)).toBeNull();
    });

    it('the payment that lasts longest counts, not the newest', async () => {
      const routeId = freshId('rte');
      const nowMs = await state.nowMs();
      const long = await settled(bought(routeId, { accessSeconds: 7_200 }), nowMs - 1_000);
      await settled(bought(routeId, { accessSeconds: 60 }), nowMs);
      expect(await find(routeId)).toEqual({ paymentId: long.paymentId, untilMs: nowMs - 1_000 + 2 * HOUR_MS });
    });

    it('it ends by the clock of the store', async () => {
      const routeId = freshId('rte');
      const startMs = Date.parse('2030-01-01T00:00:00Z');
      await harness.setClock(startMs);
      await settled(bought(routeId), startMs);
      await harness.setClock(startMs + HOUR_MS - 1);
      expect(await find(routeId)).toMatchObject({ untilMs: startMs + HOUR_MS });
      await harness.setClock(startMs + HOUR_MS);
      expect(await find(routeId)).toBeNull();
      await harness.setClock(null);
    });

    it('a payer who pays again and again is found by the newest payments', async () => {
      const routeId = freshId('rte');
      const nowMs = await state.nowMs();
      for (let index = 0; index <= ACCESS_PAYMENTS_MAX; index += 1)
        await settled(bought(routeId), nowMs - 1_000 + index);
      expect(await find(routeId)).toMatchObject({ untilMs: nowMs - 1_000 + ACCESS_PAYMENTS_MAX + HOUR_MS });
    });

    it('a store that was lost lets in again whose payments are entered', async () => {
      const routeId = freshId('rte');
      const settledAt = new Date(await state.nowMs()).toISOString();
      const record = bought(routeId, { state: 'settled', version: 3, settledAt });
      const { epoch } = await state.epochs.current();
      const raised = await state.epochs.raise(epoch, 'a test');
      await state.epochs.restoreClaims(raised.epoch, [{ record, callId: 'evt_1', spoolId: '', requestHash: '' }]);
      await state.epochs.open(raised.epoch);
      expect(await find(routeId)).toMatchObject({ paymentId: record.paymentId });
    });
  });
}
