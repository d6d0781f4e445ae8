import { z } from 'zod';
import { malformed, type Parsed } from '../parsed.ts';
import { parseBy } from '../schema.ts';
import { authorization, serializeAuthorization } from './authorization.ts';
import { decodeBase64Json, encodeBase64Json } from './base64-json.ts';
import { permit2Authorization, serializePermit2Authorization } from './permit2.ts';
import { requirementsV2 } from './requirements.ts';

const text = z.string().max(4_096);
/** Of a key 65 bytes, of a contract wallet whatever its code reads. */
const signature = z.string().regex(/^0x(?:[0-9a-fA-F]{2}){1,2048}$/, 'must be 1 to 2,048 bytes in hex');
const eip3009 = z.object({ signature, authorization });
const permit2 = z.object({ signature, permit2Authorization });

/** A transfer that the token itself checks. */
export type Eip3009Payload = z.output<typeof eip3009>;
/** A transfer that Permit2 checks, for one of the proxies. */
export type Permit2Payload = z.output<typeof permit2>;

const payloadV1 = z.object({
  x402Version: z.literal(1),
  scheme: z.literal('exact'),
  /** A version 1 name such as `base`. */
  network: text,
  payload: eip3009,
});
const envelopeV2 = {
  x402Version: z.literal(2),
  resource: z.looseObject({ url: text }).optional(),
  accepted: requirementsV2,
  extensions: z.record(z.string(), z.unknown()).optional(),
};
const eip3009V2 = z.object({ ...envelopeV2, payload: eip3009 });
const permit2V2 = z.object({ ...envelopeV2, payload: permit2 });

/** A payment as version 1 sends it. */
export type PaymentPayloadV1 = z.output<typeof payloadV1>;
/** A payment as version 2 sends it, with the requirements that the client accepted and its extensions. */
export type PaymentPayloadV2 = Omit<z.output<typeof eip3009V2>, 'payload'> & {
  readonly payload: Eip3009Payload | Permit2Payload;
};
export type PaymentPayload = PaymentPayloadV1 | PaymentPayloadV2;

/** Reads version 1's header `X-PAYMENT`. */
export function parsePaymentPayloadV1(header: string): Parsed<PaymentPayloadV1> {
  const decoded = decodeBase64Json(header);
  return decoded.kind === 'malformed' ? decoded : parseBy(payloadV1, decoded.value, 'payment');
}

/** Reads version 2's header `PAYMENT-SIGNATURE`. Only scheme `upto` has a facilitator among the signed words. */
export function parsePaymentPayloadV2(header: string): Parsed<PaymentPayloadV2> {
  const decoded = decodeBase64Json(header);
  if (decoded.kind === 'malformed') return decoded;
  if (!isPermit2(decoded.value)) return parseBy(eip3009V2, decoded.value, 'payment');
  const read = parseBy(permit2V2, decoded.value, 'payment');
  if (read.kind === 'malformed') return read;
  const { accepted, payload } = read.value;
  const names = payload.permit2Authorization.witness.facilitator !== undefined;
  if (names === (accepted.scheme === 'upto')) return read;
  return malformed(`payload.permit2Authorization.witness: not the words of scheme ${accepted.scheme}`);
}

/** The JSON document of a payment, for a facilitator: exactly what was understood, nothing that was not. */
export function toPaymentPayloadJson(value: PaymentPayload): Record<string, unknown> {
  const payload = toTransferJson(value.payload);
  if (value.x402Version === 1) return { ...value, payload };
  return { ...value, accepted: { ...value.accepted, amount: value.accepted.amount.toString() }, payload };
}

/** The header value of a payment. */
export function serializePaymentPayload(value: PaymentPayload): string {
  return encodeBase64Json(toPaymentPayloadJson(value));
}

function toTransferJson(value: Eip3009Payload | Permit2Payload) {
  if ('authorization' in value) return { ...value, authorization: serializeAuthorization(value.authorization) };
  return { ...value, permit2Authorization: serializePermit2Authorization(value.permit2Authorization) };
}

function isPermit2(document: unknown): boolean {
  const payload = memberOf(document, 'payload');
  return typeof payload === 'object' && payload !== null && 'permit2Authorization' in payload;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
