import { randomUUID } from 'node:crypto';
import { eventually } from '../../eventually.ts';
import { type PaymentRequired, paymentHeader, signPayment } from '../../payer.ts';
import { type fundedPayer, offerAt, type PaidAnswer, present } from '../money.ts';
import type { Answer, CallOptions, Gateway, Scene } from '../scene.ts';
import type { Account } from '../tenant.ts';

const OFFER_STANDS_MS = 120_000;

/** One way through a gateway. */
export interface Walk {
  readonly name: string;
  /** Goes there; a gateway that dies meanwhile is no error. Answers how to come back, to another gateway. */
  go(gateway: Gateway): Promise<(gateway: Gateway) => Promise<void>>;
  /** Whether a gateway is to be killed at a place of a built file that it comes by. */
  isAbout(place: string): boolean;
  /** Killed when a step is reached for the last time but one, not the first: chunks may arrive as one. */
  readonly late?: boolean;
  /** Takes seconds. */
  readonly isLong?: boolean;
  /** Bears no other walk beside it. */
  readonly alone?: boolean;
}

/** What only the successor of a dead gateway does. */
export const isTakeover = (place: string) => /\/(?:takeover|end-answers|proof-of-death)\./.test(place);
const isOfCalls = (place: string) => !isTakeover(place);

/** One that comes back with the same idempotency key, or the same payment. */
export interface Attempt {
  /** The upstream sees it in a header. */
  readonly mark: string;
  readonly answers: (Answer | PaidAnswer)[];
  /** Comes once more. */
  again(gateway: Gateway): Promise<void>;
}

export interface Walks {
  readonly walks: readonly Walk[];
  readonly kept: readonly Attempt[];
  readonly paid: readonly Attempt[];
  /** Calls sent on all of them. */
  sent(): number;
}

/** A plain call, a stream, one that lasts, a call under an idempotency key, and one that a stranger pays for. */
export function makeWalks(scene: Scene, account: Account, payer: Awaited<ReturnType<typeof fundedPayer>>): Walks {
  const kept: Attempt[] = [];
  const paid: Attempt[] = [];
  let sent = 0;
  const call = (gateway: Gateway, options: CallOptions) => {
    sent++;
    return scene.call(gateway, account, options);
  };
  const simple = (name: string, options: CallOptions): Walk => ({
    ...{ name, isAbout: isOfCalls },
    async go(gateway) {
      await call(gateway, options);
      return async (other) => {
        const { status, slug } = await call(other, {});
        if (status !== 200) throw new Error(`after a kill a call got ${status} ${slug}`);
      };
    },
  });
  const repeated = (name: string, attempts: Attempt[], make: () => Promise<Try>): Walk => ({
    ...{ name, isAbout: isOfCalls },
    async go(gateway) {
      const { mark, send } = await make();
      const answers: Attempt['answers'] = [];
      const again = async (other: Gateway) => void answers.push(await send(other));
      attempts.push({ mark, answers, again });
      await again(gateway);
      return again;
    },
  });
  const lasting: CallOptions = { stream: true, maxTokens: 12, upstream: { chunks: 8, 'chunk-interval-ms': 200 } };
  const pay = payments(scene, payer);
  return {
    ...{ kept, paid, sent: () => sent },
    walks: [
      simple('plain', {}),
      simple('streamed', { stream: true, maxTokens: 6, upstream: { chunks: 3, 'chunk-interval-ms': 15 } }),
      { ...simple('lasting', lasting), late: true, isLong: true, isAbout: (place) => place.includes('/relay.') },
      repeated('idempotent', kept, async () => {
        const mark = randomUUID();
        const headers = { 'idempotency-key': mark, 'x-attempt': mark };
        return { mark, send: (gateway) => call(gateway, { headers }) };
      }),
      repeated('paid', paid, async () => {
        const header = await pay();
        const mark = `payer-${randomUUID()}`;
        const send = (gateway: Gateway) => {
          sent++;
          return present(gateway.url, header, mark);
        };
        return { mark, send };
      }),
    ],
  };
}

interface Try {
  readonly mark: string;
  readonly send: (gateway: Gateway) => Promise<Answer | PaidAnswer>;
}

/** Answers a maker of signed payments, each with a nonce of its own, for what the first gateway offers. */
function payments({ gateways }: Scene, payer: Awaited<ReturnType<typeof fundedPayer>>) {
  let offer: Promise<PaymentRequired> | null = null;
  let offeredAt = 0;
  return async (): Promise<Record<string, string>> => {
    if (offer === null || Date.now() - offeredAt > OFFER_STANDS_MS) {
      const { url } = gateways[0] as Gateway;
      offer = eventually('strangers are made an offer', 30_000, () => offerAt(url));
      offeredAt = Date.now();
    }
    return paymentHeader(await signPayment(payer, await offer));
  };
}
