import { z } from 'zod';
import { malformed, ok, type Parsed } from '../parsed.ts';
import { parseBy } from '../schema.ts';
import { decodeBase64Json, encodeBase64Json } from './base64-json.ts';
import type { X402Extensions } from './extensions.ts';
import type { X402Offer, X402Resource } from './offer.ts';
import {
  fromRequirementsV1,
  fromRequirementsV2,
  requirementsV1,
  requirementsV2,
  toRequirementsV1,
  toRequirementsV2,
} from './requirements.ts';

/** A challenge, before it is written for one generation or the other. `error` says why payment is asked for. */
export type PaymentRequired = {
  readonly resource: X402Resource;
  readonly offers: readonly X402Offer[];
  readonly error: string;
  /** Of version 2. Left out: none. */
  readonly extensions?: X402Extensions | undefined;
};

const text = z.string().max(4_096);
const documentV1 = z.object({
  x402Version: z.literal(1),
  error: text.default(''),
  accepts: z.array(requirementsV1).min(1).max(32),
});
const documentV2 = z.object({
  x402Version: z.literal(2),
  error: text.default(''),
  resource: z.object({ url: text, description: text.default(''), mimeType: text.default('') }),
  accepts: z.array(requirementsV2).min(1).max(32),
  extensions: z.record(z.string(), z.looseObject({ info: z.record(z.string(), z.unknown()) })).optional(),
});

/** The value of version 2's header `PAYMENT-REQUIRED`. */
export function serializePaymentRequired(required: PaymentRequired): string {
  const { error, resource, offers, extensions } = required;
  return encodeBase64Json({ x402Version: 2, error, resource, accepts: offers.map(toRequirementsV2), extensions });
}

/** The body members of version 1; null when version 1 can express none of the offers. */
export function toPaymentRequiredV1(required: PaymentRequired) {
  const accepts = required.offers.flatMap((offer) => toRequirementsV1(offer, required.resource) ?? []);
  return accepts.length === 0 ? null : { x402Version: 1 as const, error: required.error, accepts };
}

/** Reads the header of version 2. A challenge that offers anything but `exact` and `upto` on EVM networks is malformed here. */
export function parsePaymentRequired(header: string): Parsed<PaymentRequired> {
  const decoded = decodeBase64Json(header);
  if (decoded.kind === 'malformed') return decoded;
  const document = parseBy(documentV2, decoded.value, 'document');
  if (document.kind === 'malformed') return document;
  const { error, resource, accepts, extensions } = document.value;
  const offers = accepts.map(fromRequirementsV2);
  return ok(extensions === undefined ? { error, resource, offers } : { error, resource, offers, extensions });
}

/** Reads the body of version 1. */
export function fromPaymentRequiredV1(body: unknown): Parsed<PaymentRequired> {
  const document = parseBy(documentV1, body, 'document');
  if (document.kind === 'malformed') return document;
  const { error, accepts } = document.value;
  const offers = accepts.flatMap((item) => fromRequirementsV1(item) ?? []);
  const [first] = accepts;
  if (first === undefined || offers.length < accepts.length) return malformed('accepts: unknown network');
  const resource = { url: first.resource, description: first.description, mimeType: first.mimeType };
  return ok({ error, resource, offers });
}
