import {
  listRoutes,
  type ServiceContext,
  SYSTEM,
  setStripeAccount,
  setWallet,
  updateApi,
  updateRoute,
} from '@tollwright/services';
import {
  openProxy,
  type StripeDouble,
  startChain,
  startFacilitator,
  startStripeDouble,
  startTempo,
  type Proxy as TcpProxy,
  type Tempo,
} from '@tollwright/testing';
import type { Hex } from 'viem';
import type { Money } from '../money.ts';
import type { Tenant } from '../tenant.ts';
import { LENT_CALLS_MAX } from './lent.ts';
import { type OwnFacilitator, openOwnFacilitator } from './own-facilitator.ts';

/** What strangers pay for a call; Stripe takes no less than half a dollar. */
export const PRICE_NANO_USD = 600_000_000n;
/** In the unit of the tokens, and in cents. */
export const PRICE_ATOMIC = PRICE_NANO_USD / 1_000n;
export const PRICE_CENTS = PRICE_NANO_USD / 10_000_000n;
export const STRIPE_KEY = 'sk_live_double_of_faults';
/** Channels are settled from so many dollars on: a few calls. */
const SETTLE_USD = 1.5;
const REFUNDS_ATOMIC = 1_000_000_000n;

/** What gateways, worker and facilitator reach through a proxy that the test can break. */
export interface Ways {
  readonly chain: TcpProxy;
  readonly facilitator: TcpProxy;
  readonly tempo: TcpProxy;
  readonly stripe: TcpProxy;
}

/** Everything that a rail needs: a chain with a facilitator, Tempo, and a double of Stripe. All can give money back. */
export interface Rails extends Money {
  readonly tempo: Tempo;
  readonly stripe: StripeDouble;
  readonly ways: Ways;
  /** Where payments go, and where refunds come from, on both chains. */
  readonly payTo: Hex;
  readonly refundFrom: Hex;
  /** Where the worker's own facilitator is used, and not that of others. */
  readonly own: OwnFacilitator | null;
}

/** `hasOwnFacilitator`: x402 and `evm` are settled by the worker's. */
export async function openEveryRail({ hasOwnFacilitator = false } = {}): Promise<Rails> {
  const ends: (() => unknown)[] = [];
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  const open = async <T extends { close(): unknown }>(one: Promise<T>): Promise<T> => {
    const opened = await one;
    ends.push(() => opened.close());
    return opened;
  };
  try {
    const chain = await open(startChain({ port: 0 }));
    const [broadcaster, payee, , refunder] = chain.accounts;
    if (broadcaster === undefined || payee === undefined || refunder === undefined) throw new Error('ten accounts');
    const [chainWay, tempo, stripe] = [
      await open(openProxy(chain.port)),
      await open(startTempo({ port: 0 })),
      await open(startStripeDouble({ port: 0 })),
    ];
    const chainUrl = `http://127.0.0.1:${chainWay.port}`;
    const { privateKey } = broadcaster;
    const facilitator = await open(startFacilitator({ port: 0, rpcUrl: chainUrl, privateKey }));
    const network = `eip155:${chain.chainId}`;
    const own = hasOwnFacilitator ? await open(openOwnFacilitator(chain.rpcUrl, network)) : null;
    const ways: Ways = {
      chain: chainWay,
      facilitator: await open(openProxy(own?.port ?? facilitator.port)),
      tempo: await open(openProxy(Number(new URL(tempo.rpcUrl).port))),
      stripe: await open(openProxy(stripe.port)),
    };
    const tempoNetwork = `eip155:${tempo.chainId}`;
    const rpcUrls = `${network}=${chainUrl},${tempoNetwork}=http://127.0.0.1:${ways.tempo.port}`;
    const asked = { CHAIN_RPC_URLS: rpcUrls, STRIPE_API_URL: `http://127.0.0.1:${ways.stripe.port}` };
    const settles = { SESSION_SETTLE_USD: String(SETTLE_USD) };
    await chain.mint(refunder.address, REFUNDS_ATOMIC);
    return {
      ...{ chain, facilitator, tempo, stripe, ways, own, close },
      ...{ payTo: payee.address, refundFrom: refunder.address },
      workerEnv: { ...asked, ...settles, ...own?.workerEnv },
      gatewayEnv: { ...asked, FACILITATOR_URL: `http://${own?.login ?? ''}127.0.0.1:${ways.facilitator.port}` },
      allow: Object.values(ways).map(({ port }: TcpProxy) => `127.0.0.1:${port}`),
      async sell(services, tenant) {
        const { providerId } = tenant;
        const wallet = { providerId, payTo: payee.address, refundKey: refunder.privateKey };
        for (const each of [network, tempoNetwork]) await setWallet(services, SYSTEM, { ...wallet, network: each });
        const account = {
          providerId,
          profile: 'profile_acme',
          secretKey: STRIPE_KEY,
          paymentMethodTypes: ['card' as const],
        };
        await setStripeAccount(services, SYSTEM, account);
        // The upstream fails where it is told to, often one time after the other.
        await updateApi(services, SYSTEM, { providerId, apiId: tenant.apiId, upstreamBreaker: { kind: 'off' } });
        await priceRoutes(services, tenant);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * The weather is paid for after it was told, a quote before, and a chat by its use under a ceiling. Who asks for the models is
 * trusted with some calls.
 */
async function priceRoutes(services: ServiceContext, { providerId, apiId, planIds }: Tenant): Promise<void> {
  const { items } = await listRoutes(services, SYSTEM, { providerId, apiId });
  for (const [pathTemplate, settles] of [
    ['/weather', 'after'],
    ['/v1/chat/completions', 'after'],
    ['/quotes/{symbol}', 'before'],
    ['/v1/models', 'optimistic'],
  ] as const) {
    const route = items.find((one) => one.pathTemplate === pathTemplate);
    if (route === undefined) throw new Error(`the sample upstream has no ${pathTemplate}`);
    const strangerPlanId = route.method === 'POST' ? planIds.tokens : null;
    const isTrusting = settles === 'optimistic';
    const cap = isTrusting ? { exposureCapNanoUsd: String(PRICE_NANO_USD * BigInt(LENT_CALLS_MAX)) } : {};
    const price = { strangerPriceNanoUsd: String(PRICE_NANO_USD), settles, strangerPlanId, ...cap };
    await updateRoute(services, SYSTEM, { providerId, routeId: route.id, ...price });
  }
}
