import type { PaymentRecord, PaymentState } from '@tollwright/contracts';
import { type NanoUsd, nanoUsd } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import type { ClaimBound } from '../claim-bounds.ts';
import { type StatePort, StateRejected } from '../port.ts';
import { duringSuite, freshId, type OpenHarness, registerSpool } from './harness.ts';

const price: NanoUsd = nanoUsd(10_000_000n);

/** A payment as a gateway claims it. */
export function payment(claimKey: string, state: PaymentState = 'claimed', version = 1): PaymentRecord {
  return {
    ...{ paymentId: freshId('pay'), version, state, rail: 'x402', scheme: 'exact' },
    ...{ settles: 'after', protocolVersion: 2, claimKey, livemode: true, details: {} },
    ...{ customerId: null, agentId: null, keyId: null, approvalId: null, verifiedAt: null, settledAt: null },
    ...{ providerId: 'prv_1', apiId: 'api_1', routeId: 'rte_1', requestId: 'req_1', network: 'eip155:31337' },
    ...{ asset: '0xaa', payer: '0xbb', payTo: '0xcc', nonce: '0xdd', amountAtomic: '10000', priceNanoUsd: price },
    ...{ roundingNanoUsd: nanoUsd(0n), feeNanoUsd: nanoUsd(0n), transaction: null, reason: null },
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

    const served = (payer: string, changes: Partial<PaymentRecord> = {}): PaymentRecord => ({
      ...{ ...payment(freshId('x402')), settles: 'optimistic', payer },
      ...changes,
    });
    const expose = (record: PaymentRecord, port = state) =>
      port.claims.claimWithin(record, request(), [{ kind: 'exposure', capNanoUsd: 3n * price }]);
    const moved = async (record: PaymentRecord, next: PaymentState): Promise<void> => {
      const { claimKey, state: from, version } = record;
      const after = { ...record, state: next, version: version + 1 };
      expect((await state.claims.move(claimKey, { state: from, version }, after)).kind).toBe('moved');
    };

    it('exposed: what a payer has open never passes the cap, from whichever gateway; what ends frees it', async () => {
      const payer = freshId('0x');
      const records = Array.from({ length: 20 }, () => served(payer));
      const replies = await Promise.all(records.map((record, index) => expose(record, index % 2 ? state : other)));
      const claimed = records.filter((_, index) => replies[index]?.kind === 'claimed');
      expect(claimed).toHaveLength(3);
      expect(replies.filter(({ kind }) => kind === 'beyond')).toEqual(
        Array.from({ length: 17 }, () => ({ kind: 'beyond', bound: 'exposure', reason: 'cap' })),
      );
      expect((await expose(served(freshId('0x')))).kind).toBe('claimed');
      expect((await expose(served(payer, { providerId: 'prv_2' }))).kind).toBe('claimed');
      const [first, second] = claimed as [PaymentRecord, PaymentRecord];
      await moved(first, 'settled');
      await moved(second, 'released');
      const next = [served(payer), served(payer), served(payer)];
      const kinds: string[] = [];
      for (const record of next) kinds.push((await expose(record)).kind);
      expect(kinds).toEqual(['claimed', 'claimed', 'beyond']);
    });

    it('exposed: a payment that was shown before is taken, and takes no room twice', async () => {
      const payer = freshId('0x');
      const record = served(payer);
      expect((await expose(record)).kind).toBe('claimed');
      expect((await expose({ ...record, paymentId: freshId('pay') })).kind).toBe('taken');
      expect((await expose(served(payer))).kind).toBe('claimed');
      expect((await expose(served(payer))).kind).toBe('claimed');
      expect((await expose(served(payer))).kind).toBe('beyond');
    });

    it('exposed: nobody whose last payment was served and not settled, until one is settled', async () => {
      const payer = freshId('0x');
      const lost = served(payer);
      await expose(lost);
      await moved(lost, 'failed');
      expect(await expose(served(payer))).toEqual({ kind: 'beyond', bound: 'exposure', reason: 'failed-before' });
      const paidFirst = { ...served(payer), settles: 'before' as const };
      await state.claims.claim(paidFirst, request());
      expect((await expose(served(payer))).kind).toBe('beyond');
      await moved(paidFirst, 'settled');
      expect((await expose(served(payer))).kind).toBe('claimed');
    });

    const today = (changes: Partial<PaymentRecord>): PaymentRecord => ({
      ...{ ...payment(freshId('x402')), occurredAt: new Date().toISOString() },
      ...changes,
    });
    const claimedOf = async (records: readonly PaymentRecord[], bounds: readonly ClaimBound[]) => {
      const replies = await Promise.all(
        records.map((record, index) => (index % 2 ? state : other).claims.claimWithin(record, request(), bounds)),
      );
      return records.filter((_, index) => replies[index]?.kind === 'claimed');
    };

    it('payer-day: what a payer pays on an API in a day never passes the cap, also what was only counted', async () => {
      const [payer, apiId] = [freshId('0x'), freshId('api')];
      const within = (capNanoUsd: bigint | null): readonly ClaimBound[] => [{ kind: 'payer-day', capNanoUsd }];
      const claim = (record: PaymentRecord, cap: bigint | null) =>
        state.claims.claimWithin(record, request(), within(cap));
      expect((await claim(today({ payer, apiId }), null)).kind).toBe('claimed');
      const claimed = await claimedOf(
        Array.from({ length: 20 }, () => today({ payer, apiId })),
        within(4n * price),
      );
      expect(claimed).toHaveLength(3);
      const beyond = { kind: 'beyond', bound: 'payer-day', reason: 'cap' };
      expect(await claim(today({ payer, apiId }), 4n * price)).toEqual(beyond);
      expect((await claim(today({ payer, apiId: freshId('api') }), price)).kind).toBe('claimed');
      expect((await claim(today({ payer: freshId('0x'), apiId }), price)).kind).toBe('claimed');
      const yesterday = new Date(Date.now() - 86_400_000).toISOString();
      expect((await claim(today({ payer, apiId, occurredAt: yesterday }), price)).kind).toBe('claimed');
      const [first, second] = claimed as [PaymentRecord, PaymentRecord];
      await moved(first, 'settled');
      expect(await claim(today({ payer, apiId }), 4n * price)).toEqual(beyond);
      await moved(second, 'released');
      expect((await claim(today({ payer, apiId }), 4n * price)).kind).toBe('claimed');
      // Shown again it is told what became of it, whatever room there is.
      const again = await claim({ ...first, paymentId: freshId('pay') }, 4n * price);
      expect(again).toMatchObject({ kind: 'taken', claim: { paymentId: first.paymentId, state: 'settled' } });
    });

    it('approval: of once it is used once by however many gateways, until what used it moved nothing', async () => {
      const approvalId = freshId('apv');
      const once: readonly ClaimBound[] = [{ kind: 'approval', capNanoUsd: 5n * price, once: true }];
      const [first, ...others] = await claimedOf(
        Array.from({ length: 20 }, () => today({ payer: freshId('0x'), approvalId })),
        once,
      );
      expect([first?.approvalId, others]).toEqual([approvalId, []]);
      const claim = () => state.claims.claimWithin(today({ approvalId }), request(), once);
      expect(await claim()).toEqual({ kind: 'beyond', bound: 'approval', reason: 'cap' });
      await moved(first as PaymentRecord, 'released');
      expect((await claim()).kind).toBe('claimed');
      expect((await claim()).kind).toBe('beyond');
    });

    it('approval: up to an amount it is used until nothing of it is left, and a dear payment never', async () => {
      const approvalId = freshId('apv');
      const upTo: readonly ClaimBound[] = [{ kind: 'approval', capNanoUsd: 3n * price, once: false }];
      const dear = today({ approvalId, priceNanoUsd: nanoUsd(3n * price + 1n) });
      expect((await state.claims.claimWithin(dear, request(), upTo)).kind).toBe('beyond');
      const claimed = await claimedOf(
        Array.from({ length: 20 }, () => today({ approvalId })),
        upTo,
      );
      expect(claimed).toHaveLength(3);
    });

    it('bounds: a payment that one of them refuses takes no room under the others', async () => {
      const [payer, apiId, approvalId] = [freshId('0x'), freshId('api'), freshId('apv')];
      const payerDay: ClaimBound = { kind: 'payer-day', capNanoUsd: price };
      const none: ClaimBound = { kind: 'approval', capNanoUsd: 0n, once: true };
      const refused = await state.claims.claimWithin(today({ payer, apiId, approvalId }), request(), [payerDay, none]);
      expect(refused).toEqual({ kind: 'beyond', bound: 'approval', reason: 'cap' });
      expect((await state.claims.claimWithin(today({ payer, apiId }), request(), [payerDay])).kind).toBe('claimed');
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
