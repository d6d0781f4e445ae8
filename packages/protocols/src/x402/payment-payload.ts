import { z } from 'zod';
import { authorization, serializeAuthorization } from './authorization.ts';
import { decodeBase64Json, encodeBase64Json } from './base64-json.ts';
import { malformed, ok, type Parsed } from './parsed.ts';
import { requirementsV2 } from './requirements.ts';

const text = z.string().max(4_096);
const exact = z.object({
  /** Of a key holder: 65 bytes. Contract wallets sign otherwise and are refused. */
  signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/, 'must be a 65-byte signature'),
  authorization,
});

const payloadV1 = z.object({
  x402Version: z.literal(1),
  scheme: z.literal('exact'),
  /** A version 1 name such as `base`. */
  network: text,
  payload: exact,
});
const payloadV2 = z.object({
  x402Version: z.literal(2),
  resource: z.looseObject({ url: text }).optional(),
  accepted: requirementsV2,
  payload: exact,
  extensions: z.record(z.string(), z.unknown()).optional(),
});

/** A payment as version 1 sends it. */
export type PaymentPayloadV1 = z.output<typeof payloadV1>;
/** A payment as version 2 sends it, with the requirements that the client accepted and its extensions. */
export type PaymentPayloadV2 = z.output<typeof payloadV2>;
export type PaymentPayload = PaymentPayloadV1 | PaymentPayloadV2;

/** Reads version 1's header `X-PAYMENT`. */
export function parsePaymentPayloadV1(header: string): Parsed<PaymentPayloadV1> {
  return parse(payloadV1, header);
}

/** Reads version 2's header `PAYMENT-SIGNATURE`. */
export function parsePaymentPayloadV2(header: string): Parsed<PaymentPayloadV2> {
  return parse(payloadV2, header);
}

/** The JSON document of a payment, for a facilitator: exactly what was understood, nothing that was not. */
export function toPaymentPayloadJson(value: PaymentPayload): Record<string, unknown> {
  const { signature } = value.payload;
  const payload = { signature, authorization: serializeAuthorization(value.payload.authorization) };
  if (value.x402Version === 1) return { ...value, payload };
  return { ...value, accepted: { ...value.accepted, amount: value.accepted.amount.toString() }, payload };
}

/** The header value of a payment. */
export function serializePaymentPayload(value: PaymentPayload): string {
  return encodeBase64Json(toPaymentPayloadJson(value));
}

/** The client's idempotency id from the extension `payment-identifier`: 16 to 128 word characters; null without one. */
export function paymentIdentifierOf(value: PaymentPayload): string | null {
  if (value.x402Version === 1) return null;
  const read = identifierExtension.safeParse(value.extensions?.['payment-identifier']);
  return read.success ? read.data.info.id : null;
}

const identifierExtension = z.object({ info: z.object({ id: z.string().regex(/^[A-Za-z0-9_-]{16,128}$/) }) });

function parse<T>(schema: z.ZodType<T>, header: string): Parsed<T> {
  const decoded = decodeBase64Json(header);
  if (decoded.kind === 'malformed') return decoded;
  const read = schema.safeParse(decoded.value);
  if (read.success) return ok(read.data);
  const [issue] = read.error.issues;
  return malformed(issue === undefined ? 'unreadable' : `${issue.path.join('.') || 'payment'}: ${issue.message}`);
}
