import type { LimitedFetch } from '../limited-fetch.ts';
import type { RailDesk } from '../rail.ts';
import { type RefundKeyOf, refundsOnChain } from '../refund/refund-on-chain.ts';
import { resolveFromChain } from './resolve-from-chain.ts';

/** How the chains are read: the address of a node by CAIP-2 network. */
export type ChainNodes = { readonly rpcUrls: ReadonlyMap<string, string>; readonly fetch: LimitedFetch };

/** Finds out about x402 payments on their chains. */
export function createX402Desk(nodes: ChainNodes, refundKeyOf: RefundKeyOf): RailDesk {
  const { rpcUrls, fetch } = nodes;
  return {
    name: 'x402',
    refunds: refundsOnChain(nodes, refundKeyOf),
    async resolve(payment) {
      const rpcUrl = rpcUrls.get(payment.network);
      if (rpcUrl === undefined) return { kind: 'unavailable', reason: `no RPC address for ${payment.network}` };
      return resolveFromChain({ rpcUrl, fetch }, payment);
    },
  };
}
