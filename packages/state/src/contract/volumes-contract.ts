import type { PaymentRecord, PaymentState } from '@tollwright/contracts';
import { type NanoUsd, nanoUsd, type Volume } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import type { StatePort } from '../port.ts';
import type { VolumeAsk } from '../volume-store.ts';
import { payment } from './claims-contract.ts';
import { duringSuite, freshId, type OpenHarness } from './harness.ts';

const PRICE: NanoUsd = nanoUsd(10_000_000n);
const NOTHING: Volume = { calls: 0, spentNanoUsd: 0n };

/** What a payer has settled in a period: each payment once, whatever was repeated, as long as its claim is settled. */
export function volumesContract(open: OpenHarness): void {
  describe('volumes', () => {
    let state: StatePort;
    let other: StatePort;
    duringSuite(open, (opened) => {
      state = opened.connect();
      other = opened.connect();
    });

    const sold = (apiId: string, changes: Partial<PaymentRecord> = {}): PaymentRecord => ({
      ...{ ...payment(freshId('x402')), apiId, volumePayer: 'wallet:0xbb', occurredAt: '2029-12-30T23:59:00Z' },
      ...changes,
    });
    const claim = (record: PaymentRecord) =>
      state.claims.claim(record, { callId: freshId('evt'), spoolId: 'spl_live', requestHash: 'hash-1' });
    const asMoved = (record: PaymentRecord, next: PaymentState): PaymentRecord => ({
      ...{ ...record, state: next, version: record.version + 1 },
    });
    const moved = async (record: PaymentRecord, next: PaymentState): Promise<PaymentRecord> => {
      const to = asMoved(record, next);
      expect((await state.claims.move(record.claimKey, record, to)).kind).toBe('moved');
      return to;
    };
    const settled = async (record: PaymentRecord): Promise<PaymentRecord> => {
      await claim(record);
      return moved(record, 'settled');
    };
    const read = (apiId: string, over: Partial<VolumeAsk> = {}): Promise<Volume> => {
      const asked = { apiId, payer: 'wallet:0xbb', period: 'month', atMs: Date.parse('2029-12-30T12:00:00Z') } as const;
      return other.volumes.read({ ...asked, ...over });
    };
    const of = (calls: number): Volume => ({ calls, spentNanoUsd: PRICE * BigInt(calls) });

    it('a payment counts from its settlement on, for its payer and its API alone', async () => {
      const apiId = freshId('api');
      const claimed = sold(apiId);
      await claim(claimed);
      const settling = await moved(await moved(claimed, 'served'), 'settling');
      expect(await read(apiId)).toEqual(NOTHING);
      await moved(settling, 'settled');
      await settled(sold(apiId, { priceNanoUsd: nanoUsd(9_000_000_000_000_000n) }));
      expect(await read(apiId)).toEqual({ calls: 2, spentNanoUsd: 9_000_000_010_000_000n });
      expect([await read(apiId, { payer: 'wallet:0xcc' }), await read(freshId('api'))]).toEqual([NOTHING, NOTHING]);
    });

    it('one that failed, was let go, or names nobody does not', async () => {
      const apiId = freshId('api');
      for (const next of ['failed', 'released', 'unknown'] as const) {
        const record = sold(apiId);
        await claim(record);
        await moved(record, next);
      }
      const { volumePayer: _, ...nobody } = sold(apiId);
      await settled(nobody);
      expect(await read(apiId)).toEqual(NOTHING);
    });

    it('days and months are those in which payments began, in UTC', async () => {
      const apiId = freshId('api');
      for (const occurredAt of ['2029-11-30T23:59:59.999Z', '2029-12-01T00:00:00.000Z', '2029-12-31T23:59:59.999Z'])
        await settled(sold(apiId, { occurredAt }));
      const at = (text: string, period: VolumeAsk['period']) => read(apiId, { period, atMs: Date.parse(text) });
      expect(await at('2029-12-15T00:00:00Z', 'month')).toEqual(of(2));
      expect(await at('2029-11-01T00:00:00Z', 'month')).toEqual(of(1));
      expect(await at('2030-01-01T00:00:00Z', 'month')).toEqual(NOTHING);
      expect(await at('2029-12-01T23:59:59Z', 'day')).toEqual(of(1));
      expect(await at('2029-12-15T00:00:00Z', 'day')).toEqual(NOTHING);
    });

    it('a refund takes its payment back, by the move that begins it, once', async () => {
      const apiId = freshId('api');
      await settled(sold(apiId));
      const refunding = await moved(await settled(sold(apiId)), 'refunding');
      expect(await read(apiId)).toEqual(of(1));
      await moved(refunding, 'refunded');
      expect([await read(apiId), await read(apiId, { period: 'day' })]).toEqual([of(1), of(1)]);
    });

    it('a move that is repeated, or that comes too late, counts nothing', async () => {
      const apiId = freshId('api');
      const claimed = sold(apiId);
      await claim(claimed);
      const replies = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 ? state : other).claims.move(claimed.claimKey, claimed, asMoved(claimed, 'settled')),
        ),
      );
      expect(replies.filter(({ kind }) => kind === 'moved')).toHaveLength(1);
      expect(await read(apiId)).toEqual(of(1));
      const late = sold(apiId);
      await claim(late);
      await moved(late, 'failed');
      expect((await other.claims.move(late.claimKey, late, asMoved(late, 'settled'))).kind).toBe('conflict');
      expect(await read(apiId)).toEqual(of(1));
    });

    it('many payments of one payer at once are all counted', async () => {
      const apiId = freshId('api');
      await Promise.all(Array.from({ length: 30 }, () => settled(sold(apiId))));
      expect([await read(apiId), await read(apiId, { period: 'day' })]).toEqual([of(30), of(30)]);
    });

    it('claims that are entered again count once; those that the store has in a later state count as they are', async () => {
      const apiId = freshId('api');
      const known = await settled(sold(apiId));
      const refunded = await moved(await settled(sold(apiId)), 'refunding');
      const lost = { ...sold(apiId), state: 'settled' as const, version: 3 };
      const { epoch } = await state.epochs.current();
      const raised = await state.epochs.raise(epoch, 'a test');
      const stale = { ...refunded, state: 'settled' as const, version: refunded.version - 1 };
      const claims = [known, stale, lost, lost].map((record) => ({
        ...{ record, callId: 'evt_1' },
        spoolId: '',
        requestHash: '',
      }));
      await state.epochs.restoreClaims(raised.epoch, claims);
      await state.epochs.open(raised.epoch);
      expect(await read(apiId)).toEqual(of(2));
    });
  });
}
