import { listRoutes, type ServiceContext, SYSTEM, setWallet, updateRoute } from '@tollwright/services';
import { type Chain, type Facilitator, startChain, startFacilitator } from '@tollwright/testing';
import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { fromBase64, type PaymentRequired } from '../payer.ts';
import { API_PATH, CALL_NANO_USD, type Tenant } from './tenant.ts';

/** What strangers pay for, in the token's unit. */
export const CALL_ATOMIC = CALL_NANO_USD / 1_000n;
const NETWORK = 'eip155:84532';

/** A chain with a token, and the facilitator that settles on it. */
export interface Money {
  readonly chain: Chain;
  readonly facilitator: Facilitator;
  /** Variables by which gateways and the worker find it. */
  readonly gatewayEnv: Readonly<Record<string, string>>;
  readonly workerEnv: Readonly<Record<string, string>>;
  /** Loopback `host:port` pairs that guarded requests may reach. */
  readonly allow: readonly string[];
  /** Has the provider sell to strangers. */
  sell(services: ServiceContext, tenant: Tenant): Promise<void>;
  close(): Promise<void>;
}

export async function openMoney(): Promise<Money> {
  const chain = await startChain({ port: 0 });
  const [payer] = chain.accounts;
  const facilitator = await startFacilitator({
    port: 0,
    rpcUrl: chain.rpcUrl,
    privateKey: payer?.privateKey as Hex,
  }).catch(async (error: unknown) => {
    await chain.close();
    throw error;
  });
  return {
    ...{ chain, facilitator, gatewayEnv: { FACILITATOR_URL: facilitator.url } },
    workerEnv: { CHAIN_RPC_URLS: `${NETWORK}=${chain.rpcUrl}` },
    sell: (services, tenant) => sellToStrangers(services, tenant, chain),
    allow: [`127.0.0.1:${chain.port}`, `127.0.0.1:${facilitator.port}`],
    async close() {
      await facilitator.close();
      await chain.close();
    },
  };
}

/** Sells the weather to strangers. */
async function sellToStrangers(services: ServiceContext, tenant: Tenant, chain: Chain): Promise<void> {
  const { providerId, apiId } = tenant;
  await setWallet(services, SYSTEM, { providerId, network: NETWORK, payTo: chain.accounts[1]?.address as Hex });
  const { items } = await listRoutes(services, SYSTEM, { providerId, apiId });
  const weather = items.find(({ pathTemplate }) => pathTemplate === '/weather');
  if (weather === undefined) throw new Error('the sample upstream has no weather');
  await updateRoute(services, SYSTEM, {
    ...{ providerId, routeId: weather.id, strangerPriceNanoUsd: String(CALL_NANO_USD) },
  });
}

/** Somebody who can pay for so many calls. */
export async function fundedPayer({ chain }: Money, calls: number) {
  const account = privateKeyToAccount(generatePrivateKey());
  await chain.mint(account.address, CALL_ATOMIC * BigInt(calls));
  return { account };
}

/** The offer that a gateway makes to a stranger, which it learns of a moment after it was set. */
export async function offerAt(gatewayUrl: string): Promise<PaymentRequired | null> {
  const response = await fetch(`${gatewayUrl}${API_PATH}/weather`);
  await response.arrayBuffer();
  return response.status === 402 ? fromBase64<PaymentRequired>(response.headers.get('payment-required')) : null;
}

/** What a payment was answered with. A connection that broke has the status 0. */
export interface PaidAnswer {
  readonly status: number;
  readonly slug: string | null;
  readonly transaction: Hex | null;
  readonly text: string;
}

/** Presents a payment; `mark` is passed on to the upstream, which writes it down. */
export async function present(gatewayUrl: string, payment: Record<string, string>, mark: string): Promise<PaidAnswer> {
  try {
    const response = await fetch(`${gatewayUrl}${API_PATH}/weather`, { headers: { ...payment, 'x-account': mark } });
    const text = await response.text();
    const receipt = response.headers.get('payment-response');
    return {
      status: response.status,
      slug: /"type":"[^"]*\/problems\/([a-z-]+)"/.exec(text)?.[1] ?? null,
      transaction: receipt === null ? null : fromBase64<{ transaction: Hex }>(receipt).transaction,
      text,
    };
  } catch {
    return { status: 0, slug: null, transaction: null, text: '' };
  }
}
