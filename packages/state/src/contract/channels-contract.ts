import {
  type ChannelRecord,
  channelKeyOf,
  type PaymentRecord,
  type PaymentState,
  voucherClaimKey,
} from '@tollwright/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lent, VoucherReply } from '../channel-store.ts';
import { type StatePort, StateRejected, StateUnavailable } from '../port.ts';
import { payment } from './claims-contract.ts';
import { duringSuite, freshId, type OpenHarness } from './harness.ts';

const PRICE = 10n;
const NO_BOUND = { channelMaxAtomic: 9_000_000_000_000_000n, payerMaxAtomic: 9_000_000_000_000_000n };

function recordOf(channelKey: string): ChannelRecord {
  return {
    ...{ channelKey, rail: 'tempo', providerId: 'prv_1', livemode: true, network: 'eip155:42431' },
    ...{ asset: '0xaa', payer: payerOf(channelKey), payTo: '0xcc', details: { salt: '0x01' } },
  };
}

/** Who deposited in a channel: each has a payer of its own, unless its name says whose it is. */
function payerOf(channelKey: string): string {
  return `0x${channelKey.split('of-')[1]?.split('-')[0] ?? channelKey.split(':')[2]}`;
}

function paidBy(channelKey: string, cumulative: bigint, state: PaymentState = 'claimed', version = 1): PaymentRecord {
  return {
    ...payment(voucherClaimKey(channelKey, cumulative), state, version),
    ...{ rail: 'tempo', scheme: 'session', amountAtomic: `${PRICE}`, payer: payerOf(channelKey) },
    details: { cumulative: `${cumulative}`, signature: `signed ${cumulative}` },
  };
}

/** What is claimed on a channel never passes what its payer has signed, nor what was deposited. */
export function channelsContract(open: OpenHarness): void {
  describe('channels', () => {
    let state: StatePort;
    let other: StatePort;
    duringSuite(open, (opened) => {
      state = opened.connect();
      other = opened.connect();
    });

    const request = () => ({ callId: freshId('evt'), spoolId: 'spl_live', requestHash: 'hash-1' });
    const openChannel = async (depositAtomic = 1_000n, settledAtomic = 0n) => {
      const channelKey = freshId('channel:eip155:42431');
      await state.channels.open(recordOf(channelKey), { depositAtomic, settledAtomic });
      return channelKey;
    };
    const claim = (channelKey: string, cumulative: bigint, lent: Partial<Lent> = {}) =>
      state.channels.claim(paidBy(channelKey, cumulative), request(), { ...NO_BOUND, ...lent });
    const why = (reply: VoucherReply) => (reply.kind === 'refused' ? reply.reason : reply.kind);
    const end = async (record: PaymentRecord, to: PaymentState) => {
      const from = { state: record.state, version: record.version };
      await state.claims.move(record.claimKey, from, { ...record, state: to, version: record.version + 1 });
    };

    it('ten claims by one voucher at once: one is claimed, and held once', async () => {
      const channelKey = await openChannel();
      const replies = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 ? state : other).channels.claim(paidBy(channelKey, PRICE), request(), NO_BOUND),
        ),
      );
      expect(replies.map(why).sort()).toEqual(['claimed', ...Array.from({ length: 9 }, () => 'taken')]);
      expect(await state.channels.get(channelKey)).toMatchObject({
        ...{ state: 'open', spentAtomic: 0n, heldAtomic: PRICE, depositAtomic: 1_000n },
        voucher: { cumulativeAtomic: PRICE, signature: 'signed 10' },
      });
    });

    it('a voucher pays for what it is higher than what was claimed, and an older one for nothing', async () => {
      const channelKey = await openChannel();
      expect(why(await claim(channelKey, PRICE - 1n))).toBe('insufficient');
      const first = paidBy(channelKey, PRICE);
      expect(why(await state.channels.claim(first, request(), NO_BOUND))).toBe('claimed');
      expect(why(await claim(channelKey, 2n * PRICE - 1n))).toBe('insufficient');
      expect(why(await claim(channelKey, 3n * PRICE))).toBe('claimed');
      expect(why(await claim(channelKey, 2n * PRICE))).toBe('insufficient');
      await end(first, 'settled');
      expect(why(await claim(channelKey, PRICE))).toBe('taken');
      expect(await state.channels.get(channelKey)).toMatchObject({
        ...{ spentAtomic: PRICE, heldAtomic: PRICE },
        voucher: { cumulativeAtomic: 3n * PRICE },
      });
    });

    it('the same call asking again has its claim, which is held once', async () => {
      const channelKey = await openChannel();
      const [record, asked] = [paidBy(channelKey, PRICE), request()];
      const first = await state.channels.claim(record, asked, NO_BOUND);
      expect(await state.channels.claim(record, asked, NO_BOUND)).toEqual(first);
      expect(await state.channels.get(channelKey)).toMatchObject({ heldAtomic: PRICE });
    });

    it('a released claim takes nothing, and the same voucher pays again', async () => {
      const channelKey = await openChannel(PRICE);
      const record = paidBy(channelKey, PRICE);
      await state.channels.claim(record, request(), NO_BOUND);
      await end(record, 'released');
      expect(await state.channels.get(channelKey)).toMatchObject({ spentAtomic: 0n, heldAtomic: 0n });
      expect(why(await claim(channelKey, PRICE))).toBe('claimed');
    });

    it('says what it lacks: the channel, the deposit, the chain', async () => {
      expect(await claim(freshId('channel:eip155:42431'), PRICE)).toEqual({
        ...{ kind: 'refused', reason: 'unknown', channel: null },
      });
      const channelKey = await openChannel(PRICE);
      expect(why(await claim(channelKey, PRICE + 1n))).toBe('exceeds-deposit');
      expect(why(await claim(channelKey, PRICE, { channelMaxAtomic: PRICE - 1n }))).toBe('unsettled');
      const onChain = { depositAtomic: 5n * PRICE, settledAtomic: 0n };
      expect(await state.channels.open(recordOf(channelKey), onChain)).toMatchObject({ depositAtomic: 50n });
      await state.channels.open(recordOf(channelKey), { depositAtomic: PRICE, settledAtomic: 0n });
      expect(why(await claim(channelKey, 5n * PRICE))).toBe('claimed');
      expect(why(await claim(channelKey, 4n * PRICE, { channelMaxAtomic: PRICE }))).toBe('unsettled');
      await state.channels.settled(channelKey, PRICE, null);
      expect(why(await claim(channelKey, 4n * PRICE, { channelMaxAtomic: PRICE }))).toBe('claimed');
      const plain = state.channels.claim(payment(freshId('x402')), request(), NO_BOUND);
      await expect(plain).rejects.toBeInstanceOf(StateRejected);
    });

    it('ten claims at once on as many channels of a payer: no more of all is lent than the limit, until a chain has it', async () => {
      const payer = freshId('of').replaceAll(/[^a-z0-9]/g, '');
      const channels = await Promise.all(
        Array.from({ length: 10 }, async () => {
          const channelKey = `${freshId('channel:eip155:42431')}of-${payer}-`;
          await state.channels.open(recordOf(channelKey), { depositAtomic: 1_000n, settledAtomic: 0n });
          return channelKey;
        }),
      );
      const lent: Lent = { channelMaxAtomic: 1_000n, payerMaxAtomic: 4n * PRICE };
      const made = channels.map((channelKey) => paidBy(channelKey, PRICE));
      const all = () =>
        Promise.all(made.map((record, index) => (index % 2 ? state : other).channels.claim(record, request(), lent)));
      const replies = await all();
      const isClaimed = (reply: VoucherReply) => reply.kind === 'claimed';
      expect(replies.filter(isClaimed)).toHaveLength(4);
      expect(new Set(replies.map(why))).toEqual(new Set(['claimed', 'payer-unsettled']));
      const claimed = made.filter((_, index) => isClaimed(replies[index] as VoucherReply));
      const [first, second] = claimed as [PaymentRecord, PaymentRecord];
      await end(first, 'settled');
      expect((await all()).filter(isClaimed)).toHaveLength(0);
      await end(second, 'released');
      const [again] = made.filter((record) => !claimed.includes(record)) as [PaymentRecord];
      expect(why(await state.channels.claim(again, request(), lent))).toBe('claimed');
      const free = made.filter((record) => !claimed.includes(record) && record !== again);
      const next = async (record: PaymentRecord) => why(await other.channels.claim(record, request(), lent));
      expect(await next(free[0] as PaymentRecord)).toBe('payer-unsettled');
      await state.channels.settled(channelKeyOf(first.claimKey) ?? '', PRICE, null);
      expect(await next(free[0] as PaymentRecord)).toBe('claimed');
      expect(await next(free[1] as PaymentRecord)).toBe('payer-unsettled');
      expect(why(await claim(await openChannel(), PRICE, lent))).toBe('claimed');
    });

    it('what the chain paid out before anybody knew the channel is spent', async () => {
      const channelKey = await openChannel(1_000n, 5n * PRICE);
      expect(why(await claim(channelKey, 5n * PRICE))).toBe('insufficient');
      expect(why(await claim(channelKey, 6n * PRICE))).toBe('claimed');
    });

    it('nothing is claimed on a channel that closes; it is listed until its chain has ended it', async () => {
      const channelKey = await openChannel();
      expect(await state.channels.close(freshId('channel:eip155:42431'), null)).toBeNull();
      const last = { cumulativeAtomic: 70n, signature: 'signed 70' };
      expect(await state.channels.close(channelKey, last)).toMatchObject({ state: 'closing', voucher: last });
      const lower = { cumulativeAtomic: 60n, signature: 'signed 60' };
      expect(await other.channels.close(channelKey, lower)).toMatchObject({ state: 'closing', voucher: last });
      expect(why(await claim(channelKey, PRICE))).toBe('closed');
      const listed = async () => (await state.channels.closing('', 1_000)).map((channel) => channel.channelKey);
      expect(await listed()).toContain(channelKey);
      expect(await state.channels.closing(channelKey, 1_000)).not.toContainEqual(
        expect.objectContaining({ channelKey }),
      );
      await state.channels.settled(channelKey, 70n, '0x01');
      expect(await state.channels.get(channelKey)).toMatchObject({ state: 'closed', transaction: '0x01' });
      expect(await listed()).not.toContain(channelKey);
      expect(why(await claim(channelKey, PRICE))).toBe('closed');
    });

    it('is restored with its claims, each counted once and in its newest version', async () => {
      const channelKey = await openChannel();
      const lost = freshId('channel:eip155:42431');
      const running = paidBy(channelKey, PRICE);
      await state.channels.claim(running, request(), NO_BOUND);
      const { epoch } = await state.epochs.raise((await state.epochs.current()).epoch, 'a test');
      await expect(claim(channelKey, 2n * PRICE)).rejects.toBeInstanceOf(StateUnavailable);
      const settled = { ...running, state: 'settled' as const, version: 3 };
      const claims = [settled, settled, running, paidBy(lost, PRICE, 'settled', 3), paidBy(lost, 40n, 'settling', 2)];
      await state.epochs.restoreClaims(
        epoch,
        claims.map((record) => ({ record, ...request() })),
      );
      await state.epochs.open(epoch);
      expect(await state.channels.get(channelKey)).toMatchObject({ spentAtomic: PRICE, heldAtomic: 0n });
      // Its chain may have gone on since the copy was made that the store is restored from.
      expect(why(await claim(channelKey, 2n * PRICE))).toBe('unknown');
      await state.channels.open(recordOf(channelKey), { depositAtomic: 1_000n, settledAtomic: 2n * PRICE });
      expect(why(await claim(channelKey, 2n * PRICE))).toBe('insufficient');
      expect(why(await claim(channelKey, 3n * PRICE))).toBe('claimed');
      expect(why(await claim(lost, 20n))).toBe('unknown');
      const opened = await state.channels.open(recordOf(lost), { depositAtomic: 100n, settledAtomic: 0n });
      expect(opened).toMatchObject({ spentAtomic: PRICE, heldAtomic: PRICE, voucher: { cumulativeAtomic: 40n } });
      expect(why(await claim(lost, 20n))).toBe('insufficient');
      expect(why(await claim(lost, PRICE))).toBe('taken');
    });

    it('property: claims never take more than the highest voucher, whatever their order', async () => {
      const step = fc.record({ voucher: fc.bigInt(1n, 12n), ends: fc.constantFrom('settled', 'released', null) });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
          const channelKey = await openChannel(100n);
          const calls = steps.map(async ({ voucher, ends }): Promise<bigint> => {
            const record = paidBy(channelKey, voucher * PRICE);
            const reply = await state.channels.claim(record, request(), NO_BOUND);
            if (reply.kind !== 'claimed') return 0n;
            const { spentAtomic, heldAtomic } = reply.channel;
            expect(spentAtomic + heldAtomic).toBeLessThanOrEqual(voucher * PRICE);
            if (ends !== null) await end(record, ends);
            return ends === 'released' ? 0n : PRICE;
          });
          const taken = (await Promise.all(calls)).reduce<bigint>((sum, one) => sum + one, 0n);
          const channel = await state.channels.get(channelKey);
          expect((channel?.spentAtomic ?? 0n) + (channel?.heldAtomic ?? 0n)).toBe(taken);
          expect(taken).toBeLessThanOrEqual(BigInt(channel?.voucher?.cumulativeAtomic ?? 0n));
        }),
        { numRuns: 40 },
      );
    });
  });
}
