import { randomUUID } from 'node:crypto';
import { askStripe as askDouble, loadMppx, type Mppx, type MppxPayers, mppxPayers } from '@tollwright/testing';
import { UptoEvmScheme } from '@x402/evm/upto/client';
import { x402Client } from '@x402/fetch';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { eventually } from '../../eventually.ts';
import { fromBase64, type PaymentRequired, paymentHeader, signPayment } from '../../payer.ts';
import { type Account, priceOf } from '../tenant.ts';
import { PRICE_ATOMIC, type Rails, STRIPE_KEY } from './every-rail.ts';
import { Lent } from './lent.ts';
import { type RailName, requestOf, type Used, usedIn, type Way } from './ways.ts';

const ASKED_MS_MAX = 30_000;

/** What somebody saw of one call. A connection that broke has the status 0. */
export interface Seen {
  readonly status: number;
  readonly slug: string | null;
  /** What a problem says, for a report. */
  readonly detail: string | null;
  /** An answer that was kept is given again. */
  readonly replayed: boolean;
}

/** One signed payment, with everything that its presenters were answered. */
export interface SignedCall extends Way {
  /** The upstream sees it in a header. */
  readonly mark: string;
  /** Lower-cased; empty where Stripe alone knows. */
  readonly payer: string;
  /** The id of the challenge that it answers; empty at x402. */
  readonly challengeId: string;
  /** Of its authorization, where its payer makes several payments; nobody else pays from other accounts. */
  readonly nonce: string | null;
  /** Whether a key of the owner is shown beside it. */
  readonly isOwners: boolean;
  /** What the price is, as it is known before; null under a ceiling that is passed. */
  readonly owedAtomic: bigint | null;
  /** Of a payer who is trusted. */
  readonly lent: Lent | null;
  readonly answers: Seen[];
  /** Shows the payment. From the second time on with another token, where tokens pay: as clients do that were cut off. */
  show(gatewayUrl: string, headers?: Readonly<Record<string, string>>): Promise<Seen>;
}

interface Signed {
  readonly payer: string;
  readonly credentials: readonly Readonly<Record<string, string>>[];
  readonly nonce: string | null;
  readonly lent: Lent | null;
}

/** Makes payments as the official clients do, every second one beside a key of an owner. */
export class Payers {
  readonly #rails: Rails;
  readonly #mppx: Mppx;
  readonly #owner: Account;
  readonly #payers: MppxPayers;
  #turn = 0;

  private constructor(rails: Rails, mppx: Mppx, owner: Account) {
    this.#rails = rails;
    this.#mppx = mppx;
    this.#owner = owner;
    this.#payers = mppxPayers(mppx);
  }

  static async open(rails: Rails, owner: Account): Promise<Payers> {
    return new Payers(rails, await loadMppx(), owner);
  }

  /** Signs a payment for what the gateway asks, as soon as it asks for one. Nobody else pays from its account. */
  async sign(way: Way, gatewayUrl: string): Promise<SignedCall> {
    const [call] = await this.#signAs(way, gatewayUrl, this.#turn++, (asked) => this.#credentials(way, asked));
    return call as SignedCall;
  }

  /** Several payments of one payer by x402, on the route that trusts it. */
  async borrow(count: number, gatewayUrl: string): Promise<readonly SignedCall[]> {
    const account = privateKeyToAccount(generatePrivateKey());
    await this.#rails.chain.mint(account.address, PRICE_ATOMIC * BigInt(count));
    const lent = new Lent(this.#rails, account.address);
    return this.#signAs({ rail: 'x402', policy: 'optimistic' }, gatewayUrl, this.#turn++, async (asked) => {
      const offer = offerIn(asked);
      return Promise.all(
        Array.from({ length: count }, async () => {
          const payment = await signPayment({ account }, offer);
          const nonce = payment.payload.authorization.nonce.toLowerCase();
          return { payer: account.address, credentials: [paymentHeader(payment)], nonce, lent };
        }),
      );
    });
  }

  async #signAs(
    way: Way,
    gatewayUrl: string,
    turn: number,
    make: (asked: Response) => Promise<readonly Signed[]>,
  ): Promise<readonly SignedCall[]> {
    const used = usedIn(turn);
    const isOwners = (turn + (turn >> 2)) % 2 === 1;
    const beside = isOwners ? { authorization: `Bearer ${this.#owner.key}` } : null;
    const asked = await eventually(
      `${way.rail} ${way.policy} ${isOwners ? 'beside a key ' : ''}is offered`,
      ASKED_MS_MAX,
      async () => {
        const { url, init } = requestOf(way.policy, gatewayUrl, used);
        const response = await fetch(url, { ...init, headers: { ...init.headers, ...beside } });
        return response.status === 402 && isOffered(response, way.rail) ? response : null;
      },
    );
    return (await make(asked)).map((signed) => this.#called(way, used, beside, signed));
  }

  #called(way: Way, used: Used, beside: Readonly<Record<string, string>> | null, signed: Signed): SignedCall {
    const { payer, credentials, nonce, lent } = signed;
    const authorization = credentials[0]?.authorization ?? '';
    const mark = `${way.rail}-${way.policy}-${randomUUID()}`;
    const answers: Seen[] = [];
    return {
      ...{ ...way, mark, answers, nonce, lent, isOwners: beside !== null, payer: payer.toLowerCase() },
      owedAtomic: owedAtomic(way, used),
      challengeId: authorization === '' ? '' : this.#mppx.Credential.deserialize(authorization).challenge.id,
      async show(url, headers = {}) {
        const credential = credentials[Math.min(answers.length, credentials.length - 1)] ?? {};
        const request = requestOf(way.policy, url, used);
        const shown = beside === null ? credential : { ...besideKey(credential), ...beside };
        const seen = await present(request.url, {
          ...request.init,
          headers: { ...request.init.headers, ...shown, ...headers, 'x-account': mark },
        });
        answers.push(seen);
        if (seen.status === 200 && !seen.replayed) await lent?.noteAnswer();
        return seen;
      },
    };
  }

  async #credentials({ rail, policy }: Way, asked: Response): Promise<readonly Signed[]> {
    const privateKey = generatePrivateKey();
    const account = privateKeyToAccount(privateKey);
    const { chain, tempo, stripe } = this.#rails;
    const of = (payer: string, ...credentials: Record<string, string>[]): readonly Signed[] => {
      return [{ payer, credentials, nonce: null, lent: null }];
    };
    switch (rail) {
      case 'x402': {
        await chain.mint(account.address, PRICE_ATOMIC * 2n);
        if (policy === 'upto') return of(account.address, await this.#permit(account, asked));
        return of(account.address, paymentHeader(await signPayment({ account }, offerIn(asked))));
      }
      case 'evm': {
        await chain.mint(account.address, PRICE_ATOMIC * 2n);
        const client = this.#payers.evm({ privateKey, chainId: chain.chainId });
        return of(account.address, { authorization: await client.createCredential(asked) });
      }
      case 'tempo': {
        await tempo.fund(account.address, PRICE_ATOMIC * 10n);
        const client = this.#payers.tempo({ privateKey, rpcUrl: tempo.rpcUrl });
        return of(account.address, { authorization: await client.createCredential(asked) });
      }
      case 'stripe': {
        const client = this.#payers.stripe({ url: stripe.url, secretKey: STRIPE_KEY });
        const again = asked.clone();
        const first = await client.createCredential(asked);
        return of('', { authorization: first }, { authorization: await client.createCredential(again) });
      }
    }
  }

  /** What scheme `upto` asks for, by the unmodified client. */
  async #permit(account: ReturnType<typeof privateKeyToAccount>, asked: Response): Promise<Record<string, string>> {
    const { chain } = this.#rails;
    await chain.approvePermit2(account.address);
    const { network } = chain.network;
    const client = new x402Client().register(network, new UptoEvmScheme(account, { rpcUrl: chain.rpcUrl }));
    const required = fromBase64<Parameters<typeof client.createPaymentPayload>[0]>(
      asked.headers.get('payment-required'),
    );
    const payment = await client.createPaymentPayload(required);
    return { 'payment-signature': Buffer.from(JSON.stringify(payment)).toString('base64') };
  }
}

function offerIn(asked: Response): PaymentRequired {
  return fromBase64<PaymentRequired>(asked.headers.get('payment-required'));
}

/** By the published prices, from what the upstream is told to use. */
function owedAtomic({ policy }: Way, { promptTokens, completionTokens }: Used): bigint | null {
  if (policy !== 'upto') return PRICE_ATOMIC;
  const used = { status: 200, inputTokens: promptTokens, outputTokens: completionTokens };
  const atomic = priceOf('tokens', used) / 1_000n;
  return atomic > PRICE_ATOMIC ? null : atomic;
}

/** A key has the header that payments of MPP are otherwise in. */
function besideKey({ authorization, ...others }: Readonly<Record<string, string>>): Record<string, string> {
  return { ...others, ...(authorization === undefined ? {} : { 'payment-authorization': authorization }) };
}

/** Asks the double of Stripe itself, past every proxy. */
export function askStripe({ stripe: { url } }: Pick<Rails, 'stripe'>, path: string): Promise<Record<string, unknown>> {
  return askDouble({ url, secretKey: STRIPE_KEY }, path);
}

function isOffered({ headers }: Response, rail: RailName): boolean {
  if (rail === 'x402') return headers.has('payment-required');
  return (headers.get('www-authenticate') ?? '').includes(`method="${rail}"`);
}

async function present(url: string, init: RequestInit): Promise<Seen> {
  try {
    const response = await fetch(url, init);
    const text = await response.text();
    const slug = /"type":"[^"]*\/problems\/([a-z-]+)"/.exec(text)?.[1] ?? null;
    const detail = /"detail":"([^"]*)"/.exec(text)?.[1] ?? null;
    return { status: response.status, slug, detail, replayed: response.headers.has('tollwright-replayed') };
  } catch {
    return { status: 0, slug: null, detail: null, replayed: false };
  }
}
