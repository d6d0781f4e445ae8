import type { SnapshotRoute, Wallet } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import {
  type Chain,
  type Facilitator,
  type StripeDouble,
  startChain,
  startFacilitator,
  startStripeDouble,
  startTempo,
  type Tempo,
} from '@tollwright/testing';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { type GatewayProcess, openStage, type SnapshotChange, type Stage } from './gateway-harness.ts';

/** The key of the seller's account at the double of Stripe. */
export const SECRET_KEY = 'sk_live_double_of_tests';

/** A stage whose API is sold to strangers on every rail, over real chains and a double of Stripe. */
export interface PricedStage {
  readonly stage: Stage;
  readonly chain: Chain;
  readonly tempo: Tempo;
  readonly facilitator: Facilitator;
  readonly stripe: StripeDouble;
  /** Has dollars on the first chain. */
  readonly payerKey: `0x${string}`;
  readonly wallets: readonly Wallet[];
  /** Publishes with these wallets; `change` makes each route what it shall be. Answers the version. */
  publish(change: (route: SnapshotRoute) => SnapshotRoute, more?: SnapshotChange): Promise<number>;
  startGateway(name: string, settings?: NodeJS.ProcessEnv): Promise<GatewayProcess>;
  close(): Promise<void>;
}

/** Every route sold at one price; `getQuote` takes its money first. */
export const soldAt =
  (price: bigint) =>
  (route: SnapshotRoute): SnapshotRoute => ({
    ...{ ...route, strangerPriceNanoUsd: nanoUsd(price) },
    ...(route.operationId === 'getQuote' ? { settles: 'before' as const } : {}),
  });

export async function openPricedStage(): Promise<PricedStage> {
  const chain = await startChain({ port: 0 });
  const tempo = await startTempo({ port: 0 });
  const stripe = await startStripeDouble({ port: 0 });
  const [, merchant, broadcaster] = chain.accounts;
  if (!merchant || !broadcaster) throw new Error('the chain has too few accounts');
  const facilitator = await startFacilitator({ port: 0, rpcUrl: chain.rpcUrl, privateKey: broadcaster.privateKey });
  const payerKey = generatePrivateKey();
  await chain.mint(privateKeyToAccount(payerKey).address, 100_000_000n);
  const stage = await openStage({ facilitatorUrl: facilitator.url });
  const { address: payTo } = merchant;
  const wallets: Wallet[] = [
    {
      ...{ kind: 'x402', network: `eip155:${chain.chainId}`, asset: chain.usdc, tokenName: 'USDC', tokenVersion: '2' },
      ...{ decimals: 6, payTo },
    },
    {
      ...{ kind: 'stripe', networkId: 'profile_acme', currency: 'usd', paymentMethodTypes: ['card'] },
      sealedKey: stage.seal('stripe', SECRET_KEY),
    },
    { kind: 'tempo', network: `eip155:${tempo.chainId}`, asset: tempo.currency, decimals: 6, payTo },
  ];
  const hosts = [stage.upstream.url, facilitator.url, tempo.rpcUrl].map((url) => new URL(url).host);
  return {
    ...{ stage, chain, tempo, facilitator, stripe, payerKey, wallets },
    async publish(change, more = {}) {
      const { routes } = stage.sample;
      return (await stage.publish({ wallets, ...more, routes: routes.map(change) })).version;
    },
    startGateway: (name, settings = {}) =>
      stage.startGateway(name, undefined, {
        STRIPE_API_URL: stripe.url,
        CHAIN_RPC_URLS: `eip155:${tempo.chainId}=${tempo.rpcUrl}`,
        TOLLWRIGHT_EGRESS_ALLOW: hosts.join(','),
        ...settings,
      }),
    async close() {
      await stage.close();
      await Promise.all([facilitator.close(), stripe.close(), tempo.close(), chain.close()]);
    },
  };
}
