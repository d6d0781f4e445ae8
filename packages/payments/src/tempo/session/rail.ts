import type { MppIssuer } from '../../mpp/mpp-method.ts';
import { defineMppRail } from '../../mpp/mpp-rail.ts';
import type { Rail } from '../../rail.ts';
import type { ChainNodes } from '../../x402/desk.ts';
import type { ChainNode } from '../../x402/json-rpc.ts';
import { loadTransactionReader } from '../transaction.ts';
import { openOnChain } from './channel-chain.ts';
import { checkSession, type SessionPayment } from './check.ts';
import { managedBy } from './manage.ts';
import { quoteSessions, type SessionOffer, sessionMemo, sessionRequest } from './offer.ts';
import { sessionReceipt } from './receipt.ts';

/**
 * Method `tempo` of MPP, intent `session`: a payer deposits once on the chain and pays calls by vouchers, which are judged and
 * counted here and settled by the worker. Taking the money of a call is a step of the store alone.
 */
export async function createTempoSessionRail(issuer: MppIssuer, nodes: ChainNodes): Promise<Rail> {
  const read = await loadTransactionReader();
  const nodeOf = (network: string): ChainNode => {
    const rpcUrl = nodes.rpcUrls.get(network);
    if (rpcUrl === undefined) throw new RangeError(`no RPC address for ${network}`);
    return { rpcUrl, fetch: nodes.fetch };
  };
  return defineMppRail<SessionOffer, SessionPayment>(issuer, {
    name: 'tempo',
    intent: 'session',
    capabilities: {
      ...{
        amounts: ['fixed', 'variable'],
        minimumNanoUsd: null,
        bindsBody: true,
        namesPayer: true,
        networks: ['eip155'],
        currencies: ['usd'],
      },
      ...{ settles: ['after'], session: true },
    },
    // A channel that this gateway cannot look up on its chain is no offer.
    quote: (wallets, priceNanoUsd, amounts) =>
      quoteSessions(
        wallets.filter((wallet) => wallet.kind === 'tempo' && nodes.rpcUrls.has(wallet.network)),
        priceNanoUsd,
        amounts,
      ),
    requestOf: sessionRequest,
    memoOf: sessionMemo,
    check: (answered) => checkSession(answered, read),
    // The voucher is money already: its claim has taken the amount of the channel.
    verify: async () => ({ kind: 'valid' }),
    settle: async ({ railChannel }, { charge }) => ({
      ...{ kind: 'settled', transaction: railChannel.details.channelId ?? '', amountAtomic: charge.amountAtomic },
    }),
    receipt(payment, settlement, nowMs) {
      if (settlement.kind !== 'settled') return [];
      const { challengeId, railChannel, cumulativeAtomic, channel, deposit, offer } = payment;
      // Calls that run beside it may still cost nothing.
      const spentAtomic = (channel?.spentAtomic ?? 0n) + (settlement.amountAtomic ?? offer.amountAtomic);
      return sessionReceipt(
        {
          ...{ challengeId, channelId: railChannel.details.channelId ?? '', acceptedAtomic: cumulativeAtomic },
          ...{ spentAtomic, transaction: deposit?.transaction ?? null },
        },
        nowMs,
      );
    },
    voucher: ({ railChannel, deposit }) => ({
      channel: railChannel,
      open: () => openOnChain(nodeOf(railChannel.network), railChannel.details.channelId ?? '', deposit),
    }),
    manage: (headers) => managedBy(issuer, read, nodeOf, headers),
  });
}
