import Stripe from 'stripe';
import { createClient, http, publicActions } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { tempoChain } from '../chain/tempo/tempo-chain.ts';
import { importPeer } from './import-peer.ts';
import { listenAs, newWork, type PeerSeller, type Work } from './seller.ts';

type Handled = { status: 402; challenge: Response } | { status: 200; withReceipt(response?: Response): Response };
type Handler = (request: Request) => Promise<Handled>;

interface Server {
  readonly Mppx: {
    create(options: { realm: string; secretKey: string; methods: readonly unknown[] }): Record<
      'stripe' | 'evm',
      { charge(options: { amount: string }): Handler }
    > & {
      session(options: { amount: string; unitType: string; suggestedDeposit: string }): Handler;
    };
  };
  readonly Request: {
    toNodeListener(handler: (request: Request) => Promise<Response>): Parameters<typeof listenAs>[0];
  };
  readonly stripe: { charge(options: object): unknown };
  readonly evm: { charge(options: object): unknown };
  readonly tempo: { session(options: object): unknown };
  readonly Store: { memory(): unknown };
}

/** Who is paid, by a double of Stripe and by a token on a chain, and what a call costs in dollars, as `0.60`. */
export interface MppxSellerTerms {
  readonly stripe: { readonly port: number; readonly secretKey: string };
  readonly evm: { readonly chainId: number; readonly currency: string; readonly recipient: string };
  /** Where sessions are sold too, as `tempo`: the node, and the key of who is paid, which needs dollars for fees. */
  readonly tempo?: {
    readonly rpcUrl: string;
    readonly chainId: number;
    readonly currency: string;
    readonly key: `0x${string}`;
  };
  /** Takes the authorizations of method `evm`; null: each is taken for settled once mppx itself finds it good. */
  readonly facilitatorUrl: string | null;
  readonly amount: string;
}

export interface MppxSeller extends PeerSeller {
  /** What a request is answered, without a connection. */
  answer(request: Request): Promise<Response>;
}

/** A seller by the unmodified server of mppx: `/stripe` and `/evm` sell a call each, as do the same below `/also`. */
export async function startMppxSeller(terms: MppxSellerTerms): Promise<MppxSeller> {
  const { Mppx, Request: requests, ...methods } = await importPeer<Server>('mppx', 'mppx/server');
  const { chainId, currency, recipient } = terms.evm;
  const mppx = Mppx.create({
    ...{ realm: '127.0.0.1', secretKey: 'k'.repeat(32) },
    methods: [
      stripeMethod(methods.stripe, terms.stripe),
      methods.evm.charge({
        ...{ chainId, currency, recipient, decimals: 6, authorization: { name: 'USDC', version: '2' } },
        ...(terms.facilitatorUrl === null
          ? { settle: async () => ({ reference: `0x${'0c'.repeat(32)}` }) }
          : { x402: { facilitator: facilitatorAt(terms.facilitatorUrl) } }),
      }),
      ...(terms.tempo === undefined ? [] : [sessionOf(methods, terms.tempo)]),
    ],
  });
  const charges = { stripe: mppx.stripe.charge, evm: mppx.evm.charge };
  const work = newWork();
  const answer = async (request: Request): Promise<Response> => {
    if (request.url.endsWith('/tempo')) {
      const session = mppx.session({ amount: terms.amount, unitType: 'request', suggestedDeposit: '6' });
      const paid = await session(request);
      return paid.status === 402 ? paid.challenge : answered(paid.withReceipt, work);
    }
    const method = request.url.endsWith('stripe') ? 'stripe' : 'evm';
    const amount = request.url.includes('/cheap/') ? '0.01' : terms.amount;
    const paid = await charges[method]({ amount })(request);
    if (paid.status === 402) return paid.challenge;
    work.runs++;
    work.headers = Object.fromEntries(request.headers);
    if (work.delayMs > 0) await new Promise((wake) => setTimeout(wake, work.delayMs));
    return paid.withReceipt(Response.json({ sky: 'clear', run: work.runs }, { status: work.status }));
  };
  return { ...(await listenAs(requests.toNodeListener(answer), work)), answer };
}

/** Method `stripe` by an account of the double. */
export function stripeMethod(
  stripe: { charge(options: object): unknown },
  { port, secretKey }: MppxSellerTerms['stripe'],
): unknown {
  const client = new Stripe(secretKey, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0 });
  return stripe.charge({
    ...{ client, networkId: 'profile_acme', paymentMethodTypes: ['card'], currency: 'usd', decimals: 2 },
  });
}

function sessionOf(
  { tempo, Store }: Pick<Server, 'tempo' | 'Store'>,
  terms: Required<MppxSellerTerms>['tempo'],
): unknown {
  const { rpcUrl, chainId, currency, key } = terms;
  const account = privateKeyToAccount(key);
  const wallet = createClient({ account, chain: tempoChain(rpcUrl), transport: http(rpcUrl), pollingInterval: 50 });
  const client = wallet.extend(publicActions);
  return tempo.session({ account, currency, chainId, getClient: () => client, store: Store.memory() });
}

/** What manages a session has an answer of its own; all else is the seller's work. */
function answered(withReceipt: (response?: Response) => Response, work: Work): Response {
  try {
    return withReceipt();
  } catch {
    work.runs++;
    return withReceipt(Response.json({ sky: 'clear', run: work.runs }, { status: work.status }));
  }
}

/** A facilitator as mppx asks it. */
function facilitatorAt(url: string) {
  const ask = (path: string) => async (paymentPayload: unknown, paymentRequirements: unknown) => {
    const body = JSON.stringify({ x402Version: 2, paymentPayload, paymentRequirements });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body });
    return response.json();
  };
  return { verify: ask('/verify'), settle: ask('/settle') };
}
