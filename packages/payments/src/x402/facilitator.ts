import {
  fromSettleJson,
  fromSupportedJson,
  fromVerifyJson,
  type Parsed,
  type SettleResponse,
  type SupportedKinds,
  type VerifyResponse,
} from '@tollwright/protocols';
import type { LimitedFetch } from '../limited-fetch.ts';
import { isUnsent } from './unsent.ts';

/** One facilitator. `headers` carry its own credentials, if it wants any. */
export type FacilitatorAddress = { readonly url: string; readonly headers?: Readonly<Record<string, string>> };

/** How facilitators are asked. */
export type FacilitatorLimits = {
  readonly fetch: LimitedFetch;
  /** Default 5,000. */
  readonly verifyTimeoutMs?: number;
  /** Default 60,000: a settlement waits for a block. */
  readonly settleTimeoutMs?: number;
};

/** What came back from a facilitator, or why nothing readable did. `unsent`: the request never left this machine. */
export type FacilitatorAnswer<T> =
  | { readonly kind: 'answered'; readonly response: T }
  | { readonly kind: 'no-answer'; readonly reason: string; readonly unsent: boolean };

/** The body of `/verify` and `/settle`: what the client signed, and what we ask of it. */
export type FacilitatorRequest = {
  readonly x402Version: 1 | 2;
  readonly paymentPayload: object;
  readonly paymentRequirements: object | null;
};

const verdictBytesMax = 64 * 1024;
const supportedBytesMax = 512 * 1024;
const verifyTimeoutMsDefault = 5_000;
const settleTimeoutMsDefault = 60_000;

/** Asks what a facilitator settles. */
export function askSupported(facilitator: FacilitatorAddress, limits: FacilitatorLimits) {
  const init = { method: 'GET', timeoutMs: limits.verifyTimeoutMs ?? verifyTimeoutMsDefault };
  return ask<SupportedKinds>(
    facilitator,
    limits,
    'supported',
    { ...init, bodyBytesMax: supportedBytesMax },
    fromSupportedJson,
  );
}

/** Asks whether a payment would settle. */
export function askVerify(facilitator: FacilitatorAddress, limits: FacilitatorLimits, request: FacilitatorRequest) {
  const timeoutMs = limits.verifyTimeoutMs ?? verifyTimeoutMsDefault;
  return ask<VerifyResponse>(facilitator, limits, 'verify', posted(request, timeoutMs), fromVerifyJson);
}

/** Asks to settle a payment. An answer that is missing says nothing about the chain, unless nothing was sent. */
export function askSettle(facilitator: FacilitatorAddress, limits: FacilitatorLimits, request: FacilitatorRequest) {
  const timeoutMs = limits.settleTimeoutMs ?? settleTimeoutMsDefault;
  return ask<SettleResponse>(facilitator, limits, 'settle', posted(request, timeoutMs), fromSettleJson);
}

type Init = {
  readonly method: string;
  readonly timeoutMs: number;
  readonly bodyBytesMax: number;
  readonly body?: string;
};

function posted(request: FacilitatorRequest, timeoutMs: number): Init {
  return { method: 'POST', timeoutMs, bodyBytesMax: verdictBytesMax, body: JSON.stringify(request) };
}

async function ask<T>(
  { url, headers }: FacilitatorAddress,
  { fetch }: FacilitatorLimits,
  verb: string,
  init: Init,
  read: (value: unknown) => Parsed<T>,
): Promise<FacilitatorAnswer<T>> {
  try {
    const type = init.body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${url.replace(/\/+$/, '')}/${verb}`, {
      ...init,
      headers: { accept: 'application/json', ...headers, ...type },
      redirectsMax: 0,
    });
    const parsed = read(parseJson(await response.text()));
    if (parsed.kind === 'ok') return { kind: 'answered', response: parsed.value };
    return { kind: 'no-answer', reason: `facilitator_status_${response.status}`, unsent: false };
  } catch (error) {
    return { kind: 'no-answer', reason: `facilitator_unreachable: ${nameOf(error)}`, unsent: isUnsent(error) };
  }
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
