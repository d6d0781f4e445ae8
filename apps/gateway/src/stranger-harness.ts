import type { ApiSnapshot, PaymentRecord, SnapshotRoute } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import {
  type Chain,
  type Facilitator,
  startChain,
  startFacilitator,
  type WalletSigner,
  walletSigner,
} from '@tollwright/testing';
import { ExactEvmScheme } from '@x402/evm/exact/client';
import { UptoEvmScheme } from '@x402/evm/upto/client';
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from '@x402/fetch';
import { getAddress } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { bearer, type GatewayProcess, openStage, type Stage } from './gateway-harness.ts';

/** What strangers of `ceiling` pay at most for a call, in nano-dollars and in the token's unit. */
export const CEILING = 10_000_000n;
export const CEILING_ATOMIC = 10_000n;

/** A chain, a facilitator, a stage on both, and a gateway. */
export interface Market {
  readonly chain: Chain;
  readonly facilitator: Facilitator;
  readonly stage: Stage;
  readonly payTo: `0x${string}`;
  /** What a snapshot of the API has to say for its routes to be sold so. */
  sold(routes: readonly SnapshotRoute[], sell: Sell): Pick<ApiSnapshot, 'wallets' | 'routes'>;
  /** Somebody new with a dollar, or so much of the token, who let Permit2 move it. */
  newPayer(fundsAtomic?: bigint): Promise<Payer>;
  /** The same, whose account is a contract that answers for its owner's key. */
  newContractPayer(): Promise<Payer>;
  /** Settings of a gateway that may ask the chain. */
  readonly asksChain: NodeJS.ProcessEnv;
  /** The newest record of a payment that gateways shipped. */
  lastPayment(match: (payment: PaymentRecord) => boolean): Promise<PaymentRecord | undefined>;
  close(): Promise<void>;
}

/** A stranger with the unmodified client. */
export interface Payer {
  readonly address: string;
  readonly signer: WalletSigner;
  readonly client: x402Client;
  readonly pay: typeof fetch;
  /** The same, for payments that end so soon. */
  payWithin(seconds: number): typeof fetch;
  /** The payment of a client that asked once, kept instead of sent: headers of the call that would have paid. */
  sign(url: string, init?: RequestInit): Promise<Record<string, string>>;
}

/** How a route is sold. */
export type Sell = (route: SnapshotRoute) => Partial<SnapshotRoute>;

/** With a `redisUrl` the state is there. */
export async function openMarket(sell: Sell, store: { readonly redisUrl?: string } = {}): Promise<Market> {
  const chain = await startChain({ port: 0 });
  const [, merchant, broadcaster] = chain.accounts;
  if (!merchant || !broadcaster) throw new Error('the chain has too few accounts');
  const payTo = merchant.address;
  const facilitator = await startFacilitator({ port: 0, rpcUrl: chain.rpcUrl, privateKey: broadcaster.privateKey });
  const stage = await openStage({ facilitatorUrl: facilitator.url, ...store });
  const { routes } = stage.sample;
  const sold: Market['sold'] = (unsold, how) => soldBy(chain, payTo, unsold, how);
  await stage.publish(sold(routes, sell));
  return {
    ...{ chain, facilitator, stage, payTo, sold },
    newPayer: (fundsAtomic) =>
      newPayer(chain, privateKeyToAccount(generatePrivateKey()) as unknown as WalletSigner, fundsAtomic),
    async newContractPayer() {
      const ownerKey = generatePrivateKey();
      // Whoever signs in writes addresses as ERC-55 has them.
      const address = getAddress(await chain.deployWallet(privateKeyToAccount(ownerKey).address));
      return newPayer(chain, walletSigner(address, ownerKey));
    },
    asksChain: {
      CHAIN_RPC_URLS: `${chain.network.network}=${chain.rpcUrl}`,
      TOLLWRIGHT_EGRESS_ALLOW: [stage.upstream.url, facilitator.url].map((url) => new URL(url).host).join(','),
    },
    lastPayment: async (match) => (await stage.payments()).filter(match).at(-1),
    async close() {
      await stage.close();
      await facilitator.close();
      await chain.close();
    },
  };
}

function soldBy({ network }: Chain, payTo: string, routes: readonly SnapshotRoute[], sell: Sell) {
  const { address: asset, name: tokenName, version: tokenVersion } = network.usdc;
  const token = { asset, tokenName, tokenVersion, decimals: 6 };
  return {
    wallets: [{ kind: 'x402' as const, network: network.network, ...token, payTo }],
    routes: routes.map((route) => ({ ...route, ...sell(route) })),
  };
}

/** Sold by use, by the prices of the plan `pro`: a dollar for a million tokens of input, two of output. */
export function byCeiling(ceilingNanoUsd = CEILING): Partial<SnapshotRoute> {
  return { strangerCeiling: { ceilingNanoUsd: nanoUsd(ceilingNanoUsd), planVersionId: 'plv_pro' } };
}

async function newPayer(chain: Chain, signer: WalletSigner, fundsAtomic = 1_000_000n): Promise<Payer> {
  if (fundsAtomic > 0n) await chain.mint(signer.address, fundsAtomic);
  await chain.approvePermit2(signer.address);
  const { network } = chain.network;
  const options = { rpcUrl: chain.rpcUrl };
  const client = new x402Client()
    .register(network, new ExactEvmScheme(signer, options))
    .register(network, new UptoEvmScheme(signer, options));
  return {
    address: signer.address.toLowerCase(),
    ...{ signer, client },
    pay: wrapFetchWithPayment(fetch, client),
    payWithin: (seconds) => wrapFetchWithPayment(hurried(seconds), client),
    async sign(url, init) {
      let signed = '';
      const spy: typeof fetch = async (input, given) => {
        const request = new Request(input, given);
        const found = request.headers.get('payment-signature');
        if (found === null) return fetch(request);
        signed = found;
        return new Response('{}');
      };
      await wrapFetchWithPayment(spy, client)(url, init);
      if (signed === '') throw new Error('nothing was signed');
      return { 'payment-signature': signed };
    },
  };
}

/** Reads every challenge as if it asked for payments that end so soon. */
function hurried(maxTimeoutSeconds: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const challenge = response.headers.get('payment-required');
    if (challenge === null) return response;
    const required = JSON.parse(Buffer.from(challenge, 'base64').toString()) as { accepts: object[] };
    const accepts = required.accepts.map((offer) => ({ ...offer, maxTimeoutSeconds }));
    const headers = new Headers(response.headers);
    headers.set('payment-required', Buffer.from(JSON.stringify({ ...required, accepts })).toString('base64'));
    return new Response(response.body, { status: response.status, headers });
  };
}

/** Where gateways say that they are. */
export const PUBLIC_URL = 'http://gateway.test';

/** The way from the public address to one gateway, as a proxy has it: clients see the public address alone. With a key in each call. */
export function through({ url }: GatewayProcess, key: string | null = null): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const headers = new Headers(request.headers);
    for (const [name, value] of Object.entries(key === null ? {} : bearer(key))) headers.set(name, value);
    const response = await fetch(request.url.replace(PUBLIC_URL, url), {
      ...{ method: request.method, headers },
      ...(request.body === null ? {} : { body: await request.arrayBuffer() }),
    });
    return new Response(response.body, { status: response.status, headers: response.headers });
  };
}

/** The events of a stream, and what is told of its payment at its end. */
export function eventsIn(text: string): { readonly name: string; readonly data: string }[] {
  return text.split('\n\n').flatMap((block) => {
    const data = /^data: (.*)$/m.exec(block)?.[1];
    return data === undefined ? [] : [{ name: /^event: (.*)$/m.exec(block)?.[1] ?? 'message', data }];
  });
}

/** The chat route of a gateway, and what a stranger sends to it. */
export function chatCall(gateway: GatewayProcess, body: object = {}): [url: string, init: RequestInit] {
  const document = { model: 'toll-small', messages: [{ role: 'user', content: 'hi' }], ...body };
  const headers = { 'content-type': 'application/json' };
  return [`${gateway.url}/acme/llm/v1/chat/completions`, { method: 'POST', headers, body: JSON.stringify(document) }];
}

/** The receipt in the head of an answer. */
export function receiptIn(response: Response): ReturnType<typeof decodePaymentResponseHeader> {
  return decodePaymentResponseHeader(response.headers.get('payment-response') ?? '');
}
