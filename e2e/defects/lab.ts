import { type PeerSeller, startMppxProxy, startMppxSeller, startX402Seller } from '@tollwright/testing';
import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { PRICE_ATOMIC, type Rails, STRIPE_KEY } from '../faults/payments/every-rail.ts';
import { type Policy, pathOf } from '../faults/payments/ways.ts';
import { type Gateway, openScene, type Scene } from '../faults/scene.ts';
import { openGround, openStage, type Stage } from '../faults/stage.ts';
import { API_PATH } from '../faults/tenant.ts';
import { fromBase64, type PaymentRequired, paymentHeader, type SignedPayment, signPayment } from '../payer.ts';

/** Figures and words that a run saw. */
export type Seen = Readonly<Record<string, string | number | boolean>>;

/** A gateway with everything around it, and live servers of the two libraries on the same chain, facilitator and Stripe. */
export interface Lab {
  readonly stage: Stage;
  readonly scene: Scene;
  readonly gateway: Gateway;
  readonly rails: Rails;
  readonly x402: PeerSeller;
  readonly mppx: PeerSeller;
  /** The proxy of mppx: `/items/…`, by method `stripe`. */
  readonly mppxProxy: PeerSeller;
  /** Who sells by the libraries. */
  readonly libraryPayTo: Hex;
  close(): Promise<void>;
}

export async function openLab(): Promise<Lab> {
  const ends: (() => unknown)[] = [];
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const ground = await openGround();
    ends.push(() => ground.close());
    const options = { ground, adapter: 'postgres', storeKind: 'shared', plant: null } as const;
    const stage = await openStage({ ...options, sellsToStrangers: 'on-every-rail' });
    ends.push(() => stage.close());
    const scene = openScene(stage);
    ends.push(() => scene.close());
    const rails = stage.rails as Rails;
    const gateway = await scene.gateway('lab');
    const { chain, facilitator, stripe, tempo } = rails;
    const libraryPayTo = privateKeyToAccount(generatePrivateKey()).address;
    const facilitatorUrl = facilitator.url;
    const x402 = await startX402Seller({
      ...{ facilitatorUrl, network: `eip155:${chain.chainId}`, payTo: libraryPayTo, price: '$0.60' },
    });
    ends.push(() => x402.close());
    const key = generatePrivateKey();
    await tempo.fund(privateKeyToAccount(key).address, PRICE_ATOMIC * 100n);
    const { rpcUrl, chainId, currency } = tempo;
    const soldBy = { amount: '0.60', stripe: { port: stripe.port, secretKey: STRIPE_KEY } };
    const mppx = await startMppxSeller({
      tempo: { rpcUrl, chainId, currency, key },
      ...{ facilitatorUrl, ...soldBy },
      evm: { chainId: chain.chainId, currency: chain.usdc, recipient: libraryPayTo },
    });
    ends.push(() => mppx.close());
    const mppxProxy = await startMppxProxy(soldBy);
    ends.push(() => mppxProxy.close());
    return { stage, scene, gateway, rails, x402, mppx, mppxProxy, libraryPayTo, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The address that is paid for at the gateway. */
export function paidUrl({ gateway }: Lab, policy: Policy = 'after'): string {
  return `${gateway.url}${API_PATH}${pathOf(policy)}`;
}

/** Calls that the gateway's upstream saw while `work` ran. */
export async function forwardedBy({ stage }: Lab, work: () => Promise<unknown>): Promise<number> {
  const before = stage.upstream.log.calls(null).length;
  await work();
  return stage.upstream.log.calls(null).length - before;
}

/** A funded payer's signed answer to the 402 at `url`, by x402 and by hand. */
export async function signX402({ rails }: Lab, url: string): Promise<{ payer: Hex; payment: SignedPayment }> {
  const account = privateKeyToAccount(generatePrivateKey());
  await rails.chain.mint(account.address, PRICE_ATOMIC * 2n);
  const asked = await fetch(url);
  const offer = fromBase64<PaymentRequired>(asked.headers.get('payment-required'));
  return { payer: account.address, payment: await signPayment({ account }, offer) };
}

/** How often tokens left an account. */
export async function debitsOf({ rails }: Lab, payer: Hex): Promise<number> {
  return (await rails.chain.transfers(payer)).length;
}

export const x402Header = (payment: SignedPayment) => paymentHeader(payment);

/** How often each status was answered, as `{ status200: 1 }`. */
export function tallied(answers: readonly { readonly status: number }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of answers) counts[`status${status}`] = (counts[`status${status}`] ?? 0) + 1;
  return counts;
}

/** An answer in a word: its status, and the problem's slug where it is one. */
export async function wordOf(response: Response): Promise<string> {
  const text = await response.text();
  const slug = /"type":"[^"]*\/problems\/([a-z-]+)"/.exec(text)?.[1];
  return slug === undefined ? `${response.status}` : `${response.status} ${slug}`;
}

/** Whether an answer asks for a new payment. */
export function asksAgain({ headers }: Response): boolean {
  return headers.has('www-authenticate') || headers.has('payment-required');
}
