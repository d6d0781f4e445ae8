import type { MppIssuer } from '../mpp/mpp-method.ts';
import { defineMppRail } from '../mpp/mpp-rail.ts';
import type { Rail, RailDesk } from '../rail.ts';
import { type RefundKeyOf, refundsOnChain } from '../refund/refund-on-chain.ts';
import type { ChainNodes } from '../x402/desk.ts';
import type { ChainNode } from '../x402/json-rpc.ts';
import { resolveTransaction, sendTransaction, verifyFunds } from './chain.ts';
import { checkTempo } from './check.ts';
import { quoteTempo, type TempoOffer, tempoMemo, tempoRequest } from './offer.ts';
import { type OperatorKeyOf, tempoChannelDesk } from './session/channel-desk.ts';
import { resolveVoucher } from './session/resolve-voucher.ts';
import { loadTransactionReader } from './transaction.ts';

/** Method `tempo` of MPP, intent `charge`, by transactions that payers sign and this gateway sends. */
export async function createTempoRail(issuer: MppIssuer, nodes: ChainNodes): Promise<Rail> {
  const read = await loadTransactionReader();
  const nodeOf = ({ network }: TempoOffer): ChainNode => {
    const rpcUrl = nodes.rpcUrls.get(network);
    if (rpcUrl === undefined) throw new RangeError(`no RPC address for ${network}`);
    return { rpcUrl, fetch: nodes.fetch };
  };
  return defineMppRail(issuer, {
    name: 'tempo',
    intent: 'charge',
    capabilities: {
      ...{
        amounts: ['fixed'],
        minimumNanoUsd: null,
        bindsBody: true,
        namesPayer: true,
        networks: ['eip155'],
        currencies: ['usd'],
      },
      ...{ settles: ['after', 'before'], session: false },
    },
    // A wallet on a network that this gateway cannot reach is no offer.
    quote: (wallets, priceNanoUsd) =>
      quoteTempo(
        wallets.filter((wallet) => wallet.kind === 'tempo' && nodes.rpcUrls.has(wallet.network)),
        priceNanoUsd,
      ),
    requestOf: tempoRequest,
    memoOf: tempoMemo,
    check: (answered) => checkTempo(answered, read),
    verify: async (payment) => verifyFunds(nodeOf(payment.offer), payment),
    settle: async (payment) => sendTransaction(nodeOf(payment.offer), payment),
  });
}

/** Finds out about payments of method `tempo` on its chain, and gives them back there. */
export function createTempoDesk(nodes: ChainNodes, refundKeyOf: RefundKeyOf, operatorKeyOf: OperatorKeyOf): RailDesk {
  return {
    name: 'tempo',
    refunds: refundsOnChain(nodes, refundKeyOf),
    channels: tempoChannelDesk(nodes, operatorKeyOf),
    async resolve(payment) {
      if (payment.scheme === 'session') return resolveVoucher(payment);
      const rpcUrl = nodes.rpcUrls.get(payment.network);
      if (rpcUrl === undefined) return { kind: 'unavailable', reason: `no RPC address for ${payment.network}` };
      return resolveTransaction({ rpcUrl, fetch: nodes.fetch }, payment);
    },
  };
}
