import { randomUUID } from 'node:crypto';
import { askStripe as askDouble, loadMppx, type Mppx, type MppxPayers, mppxPayers } from '@tollwright/testing';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { eventually } from '../../eventually.ts';
import { fromBase64, type PaymentRequired, paymentHeader, signPayment } from '../../payer.ts';
import { API_PATH } from '../tenant.ts';
import { PRICE_ATOMIC, type Rails, STRIPE_KEY } from './every-rail.ts';

const ASKED_MS_MAX = 30_000;

export const RAILS = ['x402', 'evm', 'tempo', 'stripe'] as const;
export type RailName = (typeof RAILS)[number];
/** When a route takes the money, by its path. */
export const ROUTES = { after: '/weather?city=Porto', before: '/quotes/TOLL' } as const;
export type Policy = keyof typeof ROUTES;

/** What somebody saw of one call. A connection that broke has the status 0. */
export interface Seen {
  readonly status: number;
  readonly slug: string | null;
  /** An answer that was kept is given again. */
  readonly replayed: boolean;
}

/** One signed payment, with everything that its presenters were answered. Nobody else pays from its account. */
export interface SignedCall {
  readonly rail: RailName;
  readonly policy: Policy;
  /** The upstream sees it in a header. */
  readonly mark: string;
  /** Lower-cased; empty where Stripe alone knows. */
  readonly payer: string;
  /** The id of the challenge that it answers; empty at x402. */
  readonly challengeId: string;
  readonly answers: Seen[];
  /** Shows the payment. From the second time on with another token, where tokens pay: as clients do that were cut off. */
  show(gatewayUrl: string, headers?: Readonly<Record<string, string>>): Promise<Seen>;
}

/** Makes payments as the official clients do. */
export class Payers {
  readonly #rails: Rails;
  readonly #mppx: Mppx;

  readonly #payers: MppxPayers;

  private constructor(rails: Rails, mppx: Mppx) {
    this.#rails = rails;
    this.#mppx = mppx;
    this.#payers = mppxPayers(mppx);
  }

  static async open(rails: Rails): Promise<Payers> {
    return new Payers(rails, await loadMppx());
  }

  /** Signs a payment for what the gateway asks, as soon as it asks for one. */
  async sign(rail: RailName, policy: Policy, gatewayUrl: string): Promise<SignedCall> {
    const asked = await eventually('strangers are asked to pay', ASKED_MS_MAX, async () => {
      const response = await fetch(`${gatewayUrl}${API_PATH}${ROUTES[policy]}`);
      return response.status === 402 && isOffered(response, rail) ? response : null;
    });
    const { payer, credentials } = await this.#credentials(rail, asked);
    const [first] = credentials;
    const authorization = first?.authorization ?? '';
    const mark = `${rail}-${policy}-${randomUUID()}`;
    const answers: Seen[] = [];
    return {
      ...{ rail, policy, mark, answers, payer: payer.toLowerCase() },
      challengeId: authorization === '' ? '' : this.#mppx.Credential.deserialize(authorization).challenge.id,
      async show(url, headers = {}) {
        const credential = credentials[Math.min(answers.length, credentials.length - 1)];
        const seen = await present(`${url}${API_PATH}${ROUTES[policy]}`, {
          ...{ ...credential, ...headers, 'x-account': mark },
        });
        answers.push(seen);
        return seen;
      },
    };
  }

  async #credentials(
    rail: RailName,
    asked: Response,
  ): Promise<{ payer: string; credentials: readonly Record<string, string>[] }> {
    const privateKey = generatePrivateKey();
    const account = privateKeyToAccount(privateKey);
    const { chain, tempo, stripe } = this.#rails;
    switch (rail) {
      case 'x402': {
        await chain.mint(account.address, PRICE_ATOMIC * 2n);
        const offer = fromBase64<PaymentRequired>(asked.headers.get('payment-required'));
        const payment = await signPayment({ account }, offer);
        return { payer: account.address, credentials: [paymentHeader(payment)] };
      }
      case 'evm': {
        await chain.mint(account.address, PRICE_ATOMIC * 2n);
        const client = this.#payers.evm({ privateKey, chainId: chain.chainId });
        const authorization = await client.createCredential(asked);
        return { payer: account.address, credentials: [{ authorization }] };
      }
      case 'tempo': {
        await tempo.fund(account.address, PRICE_ATOMIC * 10n);
        const client = this.#payers.tempo({ privateKey, rpcUrl: tempo.rpcUrl });
        const authorization = await client.createCredential(asked);
        return { payer: account.address, credentials: [{ authorization }] };
      }
      case 'stripe': {
        const client = this.#payers.stripe({ url: stripe.url, secretKey: STRIPE_KEY });
        const again = asked.clone();
        const credentials = [
          { authorization: await client.createCredential(asked) },
          { authorization: await client.createCredential(again) },
        ];
        return { payer: '', credentials };
      }
    }
  }
}

/** Asks the double of Stripe itself, past every proxy. */
export function askStripe({ stripe: { url } }: Rails, path: string): Promise<Record<string, unknown>> {
  return askDouble({ url, secretKey: STRIPE_KEY }, path);
}

function isOffered({ headers }: Response, rail: RailName): boolean {
  if (rail === 'x402') return headers.has('payment-required');
  return (headers.get('www-authenticate') ?? '').includes(`method="${rail}"`);
}

async function present(url: string, headers: Record<string, string>): Promise<Seen> {
  try {
    const response = await fetch(url, { headers });
    const text = await response.text();
    const slug = /"type":"[^"]*\/problems\/([a-z-]+)"/.exec(text)?.[1] ?? null;
    return { status: response.status, slug, replayed: response.headers.has('tollwright-replayed') };
  } catch {
    return { status: 0, slug: null, replayed: false };
  }
}
