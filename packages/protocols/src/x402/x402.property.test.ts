import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64Json, encodeBase64Json } from './base64-json.ts';
import type { X402Offer } from './offer.ts';
import {
  type PaymentPayloadV1,
  type PaymentPayloadV2,
  parsePaymentPayloadV1,
  parsePaymentPayloadV2,
  serializePaymentPayload,
} from './payment-payload.ts';
import {
  fromPaymentRequiredV1,
  type PaymentRequired,
  parsePaymentRequired,
  serializePaymentRequired,
  toPaymentRequiredV1,
} from './payment-required.ts';
import type { Permit2Authorization } from './permit2.ts';
import { parseSettleResponse, serializeSettleResponse } from './settle-response.ts';

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => `0x${Buffer.from(value).toString('hex')}`);
const uint256 = fc.bigInt({ min: 0n, max: (1n << 256n) - 1n });
const word = fc.string({ maxLength: 60, unit: 'grapheme' });
const network = fc.constantFrom('eip155:8453', 'eip155:84532', 'eip155:137');

const way: fc.Arbitrary<Pick<X402Offer, 'scheme' | 'transferMethod' | 'facilitator'>> = fc.oneof(
  fc.constant({ scheme: 'exact', transferMethod: 'eip3009', facilitator: null } as const),
  fc.constant({ scheme: 'exact', transferMethod: 'permit2', facilitator: null } as const),
  hex(20).map((facilitator) => ({ scheme: 'upto', transferMethod: 'permit2', facilitator }) as const),
);
const offerTerms = fc.record({
  network,
  asset: hex(20),
  tokenName: word,
  tokenVersion: word,
  payTo: hex(20),
  amountAtomic: uint256,
  maxTimeoutSeconds: fc.integer({ min: 1, max: 86_400 }),
});
const offer: fc.Arbitrary<X402Offer> = fc.tuple(way, offerTerms).map(([chosen, terms]) => ({ ...chosen, ...terms }));
const required: fc.Arbitrary<PaymentRequired> = fc.record({
  resource: fc.record({ url: fc.webUrl(), description: word, mimeType: word }),
  offers: fc.array(offer, { minLength: 1, maxLength: 4 }),
  error: word,
});
const exact = fc.record({
  signature: hex(65),
  authorization: fc.record({
    from: hex(20),
    to: hex(20),
    value: uint256,
    validAfter: uint256,
    validBefore: uint256,
    nonce: hex(32),
  }),
});
const permit = (witness: fc.Arbitrary<Permit2Authorization['witness']>) =>
  fc.record({
    signature: hex(65),
    permit2Authorization: fc.record({
      from: hex(20),
      permitted: fc.record({ token: hex(20), amount: uint256 }),
      spender: hex(20),
      nonce: uint256,
      deadline: uint256,
      witness,
    }),
  });
const acceptedBy = <S extends 'exact' | 'upto'>(scheme: S) =>
  fc.record({
    scheme: fc.constant(scheme),
    network,
    amount: uint256,
    asset: hex(20),
    payTo: hex(20),
    maxTimeoutSeconds: fc.integer({ min: 1, max: 86_400 }),
    extra: fc.record({ name: word, version: word }),
  });
const payloadV1: fc.Arbitrary<PaymentPayloadV1> = fc.record({
  x402Version: fc.constant(1 as const),
  scheme: fc.constant('exact' as const),
  network: fc.constant('base'),
  payload: exact,
});
const x402Version = fc.constant(2 as const);
const exactWitness = fc.record({ to: hex(20), validAfter: uint256 });
const uptoWitness = fc.record({ to: hex(20), facilitator: hex(20), validAfter: uint256 });
const payloadV2: fc.Arbitrary<PaymentPayloadV2> = fc.oneof(
  fc.record({ x402Version, accepted: acceptedBy('exact'), payload: exact }),
  fc.record({ x402Version, accepted: acceptedBy('exact'), payload: permit(exactWitness) }),
  fc.record({ x402Version, accepted: acceptedBy('upto'), payload: permit(uptoWitness) }),
);

describe('x402 codecs', () => {
  it('payment-required: both generations read back what was written', () => {
    fc.assert(
      fc.property(required, (value) => {
        expect(parsePaymentRequired(serializePaymentRequired(value))).toEqual({ kind: 'ok', value });
        const offers = value.offers.filter(({ transferMethod }) => transferMethod === 'eip3009');
        fc.pre(offers.length > 0);
        expect(fromPaymentRequiredV1(toPaymentRequiredV1(value))).toEqual({ kind: 'ok', value: { ...value, offers } });
      }),
    );
  });

  it('payment-payload: reads back what was written', () => {
    fc.assert(
      fc.property(payloadV1, payloadV2, (v1, v2) => {
        expect(parsePaymentPayloadV1(serializePaymentPayload(v1))).toEqual({ kind: 'ok', value: v1 });
        expect(parsePaymentPayloadV2(serializePaymentPayload(v2))).toEqual({ kind: 'ok', value: v2 });
        expect(parsePaymentPayloadV2(serializePaymentPayload(v1)).kind).toBe('malformed');
        expect(parsePaymentPayloadV1(serializePaymentPayload(v2)).kind).toBe('malformed');
      }),
    );
  });

  it('settle-response: reads back what was written', () => {
    const response = fc.record(
      { success: fc.boolean(), transaction: word, network, payer: hex(20), errorReason: word },
      { requiredKeys: ['success', 'transaction', 'network'] },
    );
    fc.assert(
      fc.property(response, (value) => {
        expect(parseSettleResponse(serializeSettleResponse(value))).toEqual({ kind: 'ok', value });
      }),
    );
  });

  it('garbage: is malformed or read, and never throws', () => {
    const readers = [parsePaymentPayloadV1, parsePaymentPayloadV2, parsePaymentRequired, parseSettleResponse];
    const text = fc.oneof(
      fc.string({ unit: fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)) }),
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString('base64')),
      fc.anything().map((value) => encodeBase64Json({ x402Version: 2, ...Object(value), payload: value })),
    );
    fc.assert(
      fc.property(text, (header) => {
        for (const read of readers) expect(['ok', 'malformed']).toContain(read(header).kind);
      }),
    );
  });

  it('payment-payload: one changed character never reads as the same payment', () => {
    fc.assert(
      fc.property(payloadV2, fc.nat(), fc.constantFrom('A', 'b', '7', '-', '='), (value, at, character) => {
        const header = serializePaymentPayload(value);
        const index = at % header.length;
        fc.pre(header[index] !== character);
        const read = parsePaymentPayloadV2(header.slice(0, index) + character + header.slice(index + 1));
        if (read.kind === 'ok') expect(serializePaymentPayload(read.value)).not.toBe(header);
      }),
    );
  });
});

describe('base64-json', () => {
  it.each([
    ['no padding', 'eyJhIjoxfQ'],
    ['the URL alphabet', Buffer.from('{"a":"???>>>"}').toString('base64').replaceAll('/', '_')],
    ['stray bits', 'eyJhIjoxfR=='],
    ['white space', ' eyJhIjoxfQ=='],
    ['two headers joined', 'eyJhIjoxfQ==, eyJhIjoxfQ=='],
    ['bad UTF-8', Buffer.from([0x22, 0xff, 0x22]).toString('base64')],
    ['nothing', ''],
    ['deep nesting', Buffer.from('['.repeat(3_000) + ']'.repeat(3_000)).toString('base64')],
    ['excess length', encodeBase64Json('x'.repeat(16_384))],
  ])('refuses %s', (_what, text) => {
    expect(decodeBase64Json(text).kind).toBe('malformed');
  });
});
