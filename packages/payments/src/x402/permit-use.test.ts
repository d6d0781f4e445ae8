import { permit2Address } from '@tollwright/protocols';
import { describe, expect, it } from 'vitest';
import type { LimitedFetch } from '../limited-fetch.ts';
import { type PaymentOnChain, resolveFromChain } from './resolve-from-chain.ts';

const asset = `0x${'a5'.repeat(20)}`;
const payer = `0x${'b0'.repeat(20)}`;
const payTo = `0x${'c1'.repeat(20)}`;
const nonce = (7n << 8n) + 3n;
const deadline = 1_800_000_300n;
const payment: PaymentOnChain = {
  ...{ network: 'eip155:84532', asset, payer, payTo, nonce: nonce.toString(), amountAtomic: '10000' },
  details: { transferMethod: 'permit2', permittedAtomic: '10000', deadline: deadline.toString() },
  validBefore: new Date(Number(deadline + 1n) * 1_000).toISOString(),
  occurredAt: new Date(1_800_000_000_000).toISOString(),
};
const word = (value: bigint | string) => BigInt(value).toString(16).padStart(64, '0');
const calledWith = (used: bigint) => `0x8e2c${word(asset)}${word(10_000n)}${word(used)}${word(deadline)}${word(payer)}`;

/** A transfer from the payer to the recipient in a block, and the calldata of its transaction. */
type Transfer = { readonly block: number; readonly amount: bigint; readonly input: string };
type World = {
  /** The block that used the nonce; null while it is unused. */
  readonly usedIn: number | null;
  readonly transfers?: readonly Transfer[];
  readonly invalidatedIn?: number;
  readonly head?: number;
};

/** A node with a block each second, the payment claimed in block 200. */
function nodeOf({ usedIn, transfers = [], invalidatedIn, head = 250 }: World): LimitedFetch {
  const within = ({ fromBlock, toBlock }: { fromBlock: string; toBlock: string }, block: number) =>
    Number(fromBlock) <= block && block <= Number(toBlock);
  const answers: Record<string, (...params: never[]) => unknown> = {
    eth_chainId: () => '0x14a34',
    eth_blockNumber: () => `0x${head.toString(16)}`,
    eth_getBlockByNumber: (block: string) => ({ timestamp: `0x${(1_799_999_800 + Number(block)).toString(16)}` }),
    eth_call: ({ to, data }: { to: string; data: string }, block: string) => {
      expect([to, data]).toEqual([permit2Address, `0x4fe02b44${word(payer)}${word(7n)}`]);
      return `0x${word(usedIn !== null && Number(block) >= usedIn ? 0b1000n : 0b0100n)}`;
    },
    eth_getLogs: (filter: { address: string; fromBlock: string; toBlock: string }) => {
      if (filter.address === permit2Address) {
        const isIn = invalidatedIn !== undefined && within(filter, invalidatedIn);
        return isIn ? [{ data: `0x${word(7n)}${word(0b1000n)}` }] : [];
      }
      const found = transfers.filter(({ block }) => within(filter, block));
      return found.map(({ amount, input }) => ({ data: `0x${word(amount)}`, transactionHash: input }));
    },
    eth_getTransactionByHash: (hash: string) => ({ input: hash }),
  };
  return async (_address, { body }) => {
    const { method, params } = JSON.parse(body ?? '') as { method: string; params: never[] };
    return Response.json({ jsonrpc: '2.0', id: 1, result: answers[method]?.(...params) });
  };
}

const resolve = (world: World) =>
  resolveFromChain({ rpcUrl: 'http://node', fetch: nodeOf(world), logBlocksMax: 20 }, payment);
const ours = { block: 210, amount: 10_000n, input: calledWith(nonce) };

describe('a permit on its chain', () => {
  it('is settled by the transfer whose transaction was called with its words, among others of the same payer', async () => {
    const transfers = [{ ...ours, block: 240, input: calledWith(nonce + 1n) }, ours];
    expect(await resolve({ usedIn: 210, transfers })).toEqual({ kind: 'settled', transaction: ours.input });
  });

  it('is open while its nonce is unused, and failed once its deadline has passed', async () => {
    expect(await resolve({ usedIn: null })).toEqual({ kind: 'open' });
    expect(await resolve({ usedIn: null, head: 500 })).toEqual({ kind: 'open' });
    const reason = 'authorization_expired_unused';
    expect(await resolve({ usedIn: null, head: 501 })).toEqual({ kind: 'failed', reason });
  });

  it('is failed when its owner took the nonce back', async () => {
    const reason = 'authorization_canceled';
    expect(await resolve({ usedIn: 215, invalidatedIn: 215 })).toEqual({ kind: 'failed', reason });
  });

  it('is failed when the nonce went into a transfer to somebody else', async () => {
    const transfers = [{ ...ours, block: 240, input: calledWith(nonce + 1n) }];
    const reason = 'nonce_used_by_another_transfer';
    expect(await resolve({ usedIn: 215, transfers })).toEqual({ kind: 'failed', reason });
  });

  it('is not decided where the use cannot be read: a call in other words, another amount, a use before the claim', async () => {
    const unreadable = await resolve({ usedIn: 210, transfers: [{ ...ours, input: '0x1234' }] });
    const another = await resolve({ usedIn: 210, transfers: [{ ...ours, amount: 9_999n }] });
    const earlier = await resolve({ usedIn: 10 });
    expect([unreadable, another, earlier].map(({ kind }) => kind)).toEqual(Array(3).fill('unavailable'));
  });
});
