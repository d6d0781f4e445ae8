import type { PaymentRecord, PaymentState } from '@tollwright/contracts';
import { type NanoUsd, nanoUsd } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import { type StatePort, StateRejected } from '../port.ts';
import { duringSuite, freshId, type OpenHarness, registerSpool } from './harness.ts';

const price: NanoUsd = nanoUsd(10_000_000n);

/** A payment as a gateway claims it. */
export function payment(claimKey: string, state: PaymentState = 'claimed', version = 1): PaymentRecord {
  return {
    ...{ paymentId: freshId('pay'), version, state, rail: 'x402', protocolVersion: 2, claimKey, livemode: true },
    ...{ providerId: 'prv_1', apiId: 'api_1', routeId: 'rte_1', requestId: 'req_1', network: 'eip155:31337' },
    ...{ asset: '0xaa', payer: '0xbb', payTo: '0xcc', nonce: '0xdd', amountAtomic: '10000', priceNanoUsd: price },
    ...{ roundingNanoUsd: nanoUsd(0n), transaction: null, reason: null },
    ...{ validBefore: '2030-01-01T00:00:00Z', occurredAt: '2029-12-31T23:59:00Z' },
  };
}

/** One payment, one claimant; every move by compare-and-set. */
export function claimsContract(open: OpenHarness): void {
  describe('claims', () => {
    let state: StatePort;
    let other: StatePort;
    duringSuite(open, (opened) => {
      state = opened.connect();
      other = opened.connect();
    });

    const request = (spoolId = 'spl_live') => ({ callId: freshId('evt'), spoolId, requestHash: 'hash-1' });

    it('ten claims at once: one is claimed, nine see its claim', async () => {
      const claimKey = freshId('x402');
      const replies = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 ? state : other).claims.claim(payment(claimKey), request()),
        ),
      );
      const winners = replies.filter((reply) => reply.kind === 'claimed');
      expect(winners).toHaveLength(1);
      expect(replies.map((reply) => reply.claim)).toEqual(replies.map(() => winners[0]?.claim));
      expect(await state.claims.get(claimKey)).toEqual(winners[0]?.claim);
      expect(await state.claims.get(freshId('x402'))).toBeNull();
    });

    it('the same call asking again still has its claim', async () => {
      const claimKey = freshId('x402');
      const record = payment(claimKey);
      const asked = request();
      const first = await state.claims.claim(record, asked);
      expect(await state.claims.claim(record, asked)).toEqual(first);
      const verified = { ...record, state: 'verified' as const, version: 2 };
      await state.claims.move(claimKey, { state: 'claimed', version: 1 }, verified);
      expect((await state.claims.claim(record, asked)).kind).toBe('taken');
    });

    it('move: by state and version; ten at once move it once', async () => {
      const claimKey = freshId('x402');
      const record = payment(claimKey);
      await state.claims.claim(record, request());
      const next: PaymentRecord = { ...record, state: 'settling', version: 2, transaction: '0x01' };
      const replies = await Promise.all(
        Array.from({ length: 10 }, () => state.claims.move(claimKey, { state: 'claimed', version: 1 }, next)),
      );
      expect(replies.filter((reply) => reply.kind === 'moved')).toHaveLength(1);
      expect(replies.filter((reply) => reply.kind === 'conflict')).toHaveLength(9);
      expect(await state.claims.get(claimKey)).toMatchObject({ state: 'settling', version: 2, transaction: '0x01' });
      expect(await state.claims.get(claimKey)).toHaveProperty('reason', null);
      const known = { ...next, state: 'unknown' as const, version: 3, reason: 'no answer' };
      const told = await state.claims.move(claimKey, { state: 'settling', version: 2 }, known);
      expect(told).toMatchObject({ kind: 'moved', claim: { state: 'unknown', reason: 'no answer' } });
      const skipping = state.claims.move(claimKey, { state: 'unknown', version: 3 }, { ...known, version: 5 });
      await expect(skipping).rejects.toBeInstanceOf(StateRejected);
      const missing = freshId('x402');
      const moved = await state.claims.move(missing, { state: 'claimed', version: 1 }, { ...next, claimKey: missing });
      expect(moved).toEqual({ kind: 'conflict', claim: null });
    });

    it('a released claim is claimable again, and its first owner cannot move it any more', async () => {
      const claimKey = freshId('x402');
      const first = payment(claimKey);
      await state.claims.claim(first, request());
      await state.claims.move(claimKey, { state: 'claimed', version: 1 }, { ...first, state: 'released', version: 2 });
      const second = payment(claimKey);
      const reply = await other.claims.claim(second, request());
      expect(reply).toMatchObject({ kind: 'claimed', claim: { paymentId: second.paymentId, version: 1 } });
      const late = await state.claims.move(
        claimKey,
        { state: 'claimed', version: 1 },
        { ...first, state: 'verified', version: 2 },
      );
      expect(late).toMatchObject({ kind: 'conflict', claim: { paymentId: second.paymentId, state: 'claimed' } });
    });

    it('unresolved: settling and unknown ones, and what a dead spool left, whole', async () => {
      const dead = await registerSpool(state);
      const open = await Promise.all(
        (['claimed', 'settling', 'unknown', 'settled'] as const).map(async (paymentState) => {
          const record = payment(freshId('x402'), paymentState);
          await state.claims.claim(record, request(dead));
          return record;
        }),
      );
      const mine = async () => {
        const found = await state.claims.unresolved('', 1000);
        return open.filter(({ paymentId }) => found.some(({ record }) => record.paymentId === paymentId));
      };
      expect((await mine()).map((record) => record.state)).toEqual(['settling', 'unknown']);
      await state.spools.takeOver(dead, await registerSpool(state));
      expect((await mine()).map((record) => record.state)).toEqual(['claimed', 'settling', 'unknown']);
      const found = await state.claims.unresolved('', 1000);
      const settling = (entries: typeof found) => entries.find(({ record }) => record.paymentId === open[1]?.paymentId);
      expect(settling(found)).toEqual({ record: open[1], abandoned: false });
      const inTurn: string[] = [];
      for (
        let page = await state.claims.unresolved('', 1);
        page[0];
        page = await state.claims.unresolved(page[0].record.claimKey, 1)
      ) {
        inTurn.push(page[0].record.paymentId);
      }
      expect(inTurn).toEqual(found.map(({ record }) => record.paymentId));
      await state.spools.close(dead);
      expect(settling(await state.claims.unresolved('', 1000))).toEqual({ record: open[1], abandoned: true });
    });
  });
}
