import {
  type Parsed,
  type PaymentPayload,
  parsePaymentPayloadV1,
  parsePaymentPayloadV2,
  x402Headers,
} from '@tollwright/protocols';
import type { Presented, RequestHeaders } from '../rail.ts';

/** Finds the payment of either generation. Two payments in one request are malformed: which to take would be a guess. */
export function parseCredential(headers: RequestHeaders): Presented<PaymentPayload> {
  const v1 = headers[x402Headers.paymentV1];
  const v2 = headers[x402Headers.paymentV2];
  if (v1 === undefined && v2 === undefined) return { kind: 'none' };
  if (v1 !== undefined && v2 !== undefined) return { kind: 'malformed', reason: 'two payments in one request' };
  if (typeof v2 === 'string') return presented(parsePaymentPayloadV2(v2), x402Headers.paymentV2);
  if (typeof v1 === 'string') return presented(parsePaymentPayloadV1(v1), x402Headers.paymentV1);
  return { kind: 'malformed', reason: 'two payments in one request' };
}

function presented(parsed: Parsed<PaymentPayload>, header: string): Presented<PaymentPayload> {
  if (parsed.kind === 'ok') return { kind: 'presented', credential: parsed.value };
  return { kind: 'malformed', reason: `${header}: ${parsed.reason}` };
}
