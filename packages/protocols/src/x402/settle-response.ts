import { z } from 'zod';
import { malformed, ok, type Parsed } from '../parsed.ts';
import { decodeBase64Json, encodeBase64Json } from './base64-json.ts';
import type { X402Extensions } from './extensions.ts';

const text = z.string().max(4_096);
const optionalText = text.nullish().transform((value) => value ?? undefined);

const settleResponse = z.object({
  success: z.boolean(),
  /** The hash; empty when nothing was broadcast. */
  transaction: text.nullish().transform((value) => value ?? ''),
  network: text,
  payer: optionalText,
  /** Where a part of what was authorized was taken: which, in the token's smallest unit. */
  amount: optionalText,
  errorReason: optionalText,
  extensions: z
    .record(z.string(), z.looseObject({ info: z.record(z.string(), z.unknown()) }))
    .optional()
    .catch(undefined),
});
const verifyResponse = z.object({ isValid: z.boolean(), invalidReason: optionalText, payer: optionalText });

/** What a facilitator says of a settlement, and what a client gets as its receipt. */
export type SettleResponse = {
  readonly success: boolean;
  readonly transaction: string;
  /** CAIP-2 in version 2, a name in version 1. */
  readonly network: string;
  readonly payer?: string | undefined;
  /** What was taken, in the token's smallest unit, where that is not plain from the requirements. */
  readonly amount?: string | undefined;
  readonly errorReason?: string | undefined;
  readonly extensions?: X402Extensions | undefined;
};

/** What a facilitator says of a payment before it is settled. */
export type VerifyResponse = {
  readonly isValid: boolean;
  readonly invalidReason?: string | undefined;
  readonly payer?: string | undefined;
};

/** The value of `PAYMENT-RESPONSE` (version 2) and `X-PAYMENT-RESPONSE` (version 1). */
export function serializeSettleResponse(response: SettleResponse): string {
  return encodeBase64Json(response);
}

/** Reads such a header. */
export function parseSettleResponse(header: string): Parsed<SettleResponse> {
  const decoded = decodeBase64Json(header);
  return decoded.kind === 'malformed' ? decoded : fromSettleJson(decoded.value);
}

/** Reads a facilitator's answer to `/settle`. */
export function fromSettleJson(value: unknown): Parsed<SettleResponse> {
  const read = settleResponse.safeParse(value);
  return read.success ? ok(read.data) : malformed('not a settle response');
}

/** Reads a facilitator's answer to `/verify`. */
export function fromVerifyJson(value: unknown): Parsed<VerifyResponse> {
  const read = verifyResponse.safeParse(value);
  return read.success ? ok(read.data) : malformed('not a verify response');
}
