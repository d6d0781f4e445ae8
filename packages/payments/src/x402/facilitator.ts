import {
  fromSettleJson,
  fromVerifyJson,
  type Parsed,
  type SettleResponse,
  toPaymentPayloadJson,
  toRequirementsV1,
  toRequirementsV2,
  type VerifyResponse,
} from '@tollwright/protocols';
import type { X402Payment } from './payment.ts';

/** The limits that a request to a facilitator or a chain node is made under. `Egress['fetch']` is one of these. */
export type LimitedFetch = (
  address: string,
  init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly timeoutMs: number;
    readonly bodyBytesMax: number;
    readonly redirectsMax: number;
  },
) => Promise<Response>;

/** Where payments are verified and settled. `headers` carry the facilitator's own credentials, if it wants any. */
export type FacilitatorOptions = {
  readonly url: string;
  readonly fetch: LimitedFetch;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 5,000. */
  readonly verifyTimeoutMs?: number;
  /** Default 60,000: a settlement waits for a block. */
  readonly settleTimeoutMs?: number;
};

/** What came back from a facilitator, or why nothing readable did. */
export type FacilitatorAnswer<T> =
  | { readonly kind: 'answered'; readonly response: T }
  | { readonly kind: 'no-answer'; readonly reason: string };

const bodyBytesMax = 64 * 1024;
const verifyTimeoutMsDefault = 5_000;
const settleTimeoutMsDefault = 60_000;

/** Asks whether a payment would settle. */
export function askVerify(options: FacilitatorOptions, payment: X402Payment) {
  const timeoutMs = options.verifyTimeoutMs ?? verifyTimeoutMsDefault;
  return ask<VerifyResponse>(options, 'verify', payment, timeoutMs, fromVerifyJson);
}

/** Asks to settle a payment. An answer that is missing says nothing about the chain. */
export function askSettle(options: FacilitatorOptions, payment: X402Payment) {
  const timeoutMs = options.settleTimeoutMs ?? settleTimeoutMsDefault;
  return ask<SettleResponse>(options, 'settle', payment, timeoutMs, fromSettleJson);
}

async function ask<T>(
  options: FacilitatorOptions,
  verb: 'verify' | 'settle',
  payment: X402Payment,
  timeoutMs: number,
  read: (value: unknown) => Parsed<T>,
): Promise<FacilitatorAnswer<T>> {
  try {
    const response = await options.fetch(`${options.url.replace(/\/+$/, '')}/${verb}`, {
      method: 'POST',
      headers: { accept: 'application/json', ...options.headers, 'content-type': 'application/json' },
      body: JSON.stringify(requestOf(payment)),
      timeoutMs,
      bodyBytesMax,
      redirectsMax: 0,
    });
    const text = await response.text();
    const parsed = read(parseJson(text));
    if (parsed.kind === 'ok') return { kind: 'answered', response: parsed.value };
    return { kind: 'no-answer', reason: `facilitator_status_${response.status}` };
  } catch (error) {
    return { kind: 'no-answer', reason: `facilitator_unreachable: ${nameOf(error)}` };
  }
}

function requestOf(payment: X402Payment) {
  const { offer, resource, payload } = payment;
  const paymentRequirements = payload.x402Version === 1 ? toRequirementsV1(offer, resource) : toRequirementsV2(offer);
  return { x402Version: payload.x402Version, paymentPayload: toPaymentPayloadJson(payload), paymentRequirements };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'error';
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.name;
}
