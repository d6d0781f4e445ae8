import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankOffers } from './accept-payment.ts';
import type { JsonValue } from './canonical-json.ts';
import { canonicalJson } from './canonical-json.ts';
import { type MppChallenge, serializeChallenge, toChallengeFields } from './challenge.ts';
import type { ChallengeFields } from './challenge-fields.ts';
import { type MppCredential, parseCredential, serializeCredential } from './credential.ts';
import { mppKeyRing } from './key-ring.ts';
import { issueChallenge, type MppOffer, prepareOffer } from './offer.ts';
import { decodeOpaque, encodeOpaque } from './opaque.ts';
import { parseChallenges } from './parse-challenges.ts';
import { type MppReceipt, parseReceipt, serializeReceipt } from './receipt.ts';
import { verifyChallenge } from './verify-challenge.ts';

const keyRing = mppKeyRing('a secret of thirty-two bytes ok!');
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const name = text.filter((value) => value !== '__proto__');
const json = fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' }).map(withIntegers);
const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const hex32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);
const timeMs = fc.integer({ min: 0, max: 4_102_444_800_000 });
const description = text.filter((value) => !/\p{Cc}/u.test(value));

const offer: fc.Arbitrary<MppOffer> = fc.record(
  {
    realm: fc.stringMatching(/^[\x20-\x7b\x7d\x7e]{1,60}$/),
    method: token,
    intent: token,
    request: fc.dictionary(name, json, { maxKeys: 5 }),
    description,
    header: fc.constant('Payment-Authorization'),
  },
  { requiredKeys: ['realm', 'method', 'intent', 'request'] },
);
const digest = fc.base64String({ minLength: 44, maxLength: 44 }).map((value) => `sha-256=:${value}:`);
const opaque = fc.dictionary(name, text, { maxKeys: 5 }).map((map) => {
  const written = encodeOpaque(map);
  if (written.kind === 'malformed') throw new Error(written.reason);
  expect(decodeOpaque(written.value)).toEqual({ kind: 'ok', value: map });
  return written.value;
});
const issued: fc.Arbitrary<MppChallenge> = fc
  .tuple(offer, fc.record({ expiresAtMs: timeMs, digest, opaque }, { requiredKeys: ['expiresAtMs'] }))
  .map(([from, terms]) => {
    const prepared = prepareOffer(from);
    if (prepared.kind === 'malformed') throw new Error(prepared.reason);
    const made = issueChallenge(prepared.value, keyRing, terms);
    if (made.kind === 'malformed') throw new Error(made.reason);
    expect(parseChallenges(made.value.header)).toEqual([{ kind: 'ok', value: made.value.challenge }]);
    return made.value.challenge;
  });
const credential: fc.Arbitrary<MppCredential> = fc.record(
  { challenge: issued.map(toChallengeFields), source: text, payload: fc.dictionary(name, json, { maxKeys: 5 }) },
  { requiredKeys: ['challenge', 'payload'] },
);
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom('"', '\\', ',', '=', ' ', '\t', 'a', 'Payment', 'Bearer', 'id', 'u0022') }),
  fc.base64String(),
  fc.uint8Array().map((bytes) => `Payment ${Buffer.from(bytes).toString('base64url')}`),
  fc.json().map((value) => `Payment ${Buffer.from(value).toString('base64url')}`),
  fc.anything().map((value) => {
    const challenge = { id: value, realm: value, request: value, opaque: value, expires: value };
    const written = JSON.stringify({ challenge, payload: value }, (_, item) =>
      typeof item === 'bigint' ? String(item) : item,
    );
    return `Payment ${Buffer.from(written).toString('base64url')}`;
  }),
);

/** What an id binds, of a credential that may have been changed. */
function boundOf({ challenge: { description: _, ...rest } }: MppCredential): Omit<ChallengeFields, 'description'> {
  return rest;
}

describe('MPP codecs', () => {
  it('canonical JSON: reads back, and is the same for members in any order', () => {
    fc.assert(
      fc.property(json, (value) => {
        const written = canonicalJson(value);
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(backwards(value))).toBe(written);
      }),
    );
  });

  it('challenges: read back, alone and joined among other schemes, whatever they hold', () => {
    const other = fc.constantFrom(
      'Bearer',
      'Basic realm="a, Payment id=\\"x\\""',
      'Negotiate ab+/==',
      'Digest a=b, c="d,"',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(issued, other), { maxLength: 5 }), (items) => {
        const challenges = items.filter((item) => typeof item !== 'string');
        const headers = items.map((item) => (typeof item === 'string' ? item : headerOf(item)));
        const expected = challenges.map((value) => ({ kind: 'ok', value }));
        expect(parseChallenges(headers)).toEqual(expected);
        for (const comma of [', ', ',', ' ,\t, ']) expect(parseChallenges(headers.join(comma))).toEqual(expected);
      }),
    );
  });

  it('credentials: read back, and their challenges are ours', () => {
    fc.assert(
      fc.property(credential, (value) => {
        expect(parseCredential(serializeCredential(value))).toEqual({ kind: 'ok', value });
        const { request } = value.challenge;
        expect(verifyChallenge(value, keyRing, -1)).toEqual({
          kind: 'ok',
          request: JSON.parse(Buffer.from(request, 'base64url').toString('utf8')),
        });
      }),
    );
  });

  it('credentials: one changed character of what is bound is refused', () => {
    const names = ['id', 'realm', 'method', 'intent', 'request', 'expires', 'digest', 'opaque', 'header'] as const;
    const put = fc.string({ unit: 'binary-ascii', maxLength: 1 });
    fc.assert(
      fc.property(credential, fc.array(fc.tuple(fc.nat(), put), { minLength: 4, maxLength: 4 }), (value, changes) => {
        const altered = names.flatMap((name) => {
          const old = value.challenge[name] ?? '';
          return changes
            .map(([seed, character]) => replaceAt(old, old === '' ? 0 : seed % old.length, character))
            .filter((changed) => changed !== old)
            .map((changed) => ({ ...value, challenge: { ...value.challenge, [name]: changed } }));
        });
        const accepted = altered.filter((changed) => isAccepted(serializeCredential(changed)));
        expect(accepted).toEqual([]);
      }),
    );
  });

  it('credentials: one changed bit of the header is refused, or was none of what is bound', () => {
    const bits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 6 })), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(credential, bits, (value, flips) => {
        const header = serializeCredential(value);
        for (const [seed, bit] of flips) {
          const index = 'Payment '.length + (seed % (header.length - 'Payment '.length));
          const flipped = String.fromCharCode(header.charCodeAt(index) ^ (1 << bit));
          const read = parseCredential(replaceAt(header, index, flipped));
          if (read.kind === 'malformed' || verifyChallenge(read.value, keyRing, -1).kind !== 'ok') continue;
          expect(boundOf(read.value)).toEqual(boundOf(value));
        }
      }),
    );
  });

  it('receipts: read back', () => {
    const base = {
      status: fc.constant('success' as const),
      method: token,
      timestamp: timeMs.map((ms) => new Date(ms).toISOString()),
      reference: text.filter((value) => value !== ''),
    };
    const amount = fc.bigInt({ min: 0n, max: (1n << 96n) - 1n });
    const session = {
      ...base,
      intent: fc.constant('session' as const),
      challengeId: token,
      channelId: hex32,
      acceptedCumulative: amount,
      spent: amount,
      units: fc.nat(),
      txHash: hex32,
    };
    const receipt: fc.Arbitrary<MppReceipt> = fc.oneof(
      fc.record({ ...base, externalId: token }, { requiredKeys: ['status', 'method', 'timestamp', 'reference'] }),
      fc.record(session),
    );
    fc.assert(
      fc.property(receipt, (value) => {
        expect(parseReceipt(serializeReceipt(value))).toEqual({ kind: 'ok', value });
      }),
    );
  });

  it('garbage: is malformed, passed over or read, and never throws', () => {
    fc.assert(
      fc.property(anyText, (header) => {
        for (const { kind } of parseChallenges(header)) expect(['ok', 'malformed']).toContain(kind);
        expect(['ok', 'malformed']).toContain(parseCredential(header).kind);
        expect(['ok', 'malformed']).toContain(parseReceipt(header.replace('Payment ', '')).kind);
        expect(['ok', 'malformed']).toContain(decodeOpaque(header.replace('Payment ', '')).kind);
        expect(rankOffers([{ method: 'evm', intent: 'charge' }], header)).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });
});

/** Canonical JSON has no fractions. */
function withIntegers(value: unknown): JsonValue {
  const written = JSON.stringify(value, (_, item) => (typeof item === 'number' ? Math.trunc(item) % 2 ** 53 : item));
  return JSON.parse(written);
}

function headerOf(challenge: MppChallenge): string {
  const written = serializeChallenge(challenge);
  if (written.kind === 'malformed') throw new Error(written.reason);
  return written.value;
}

function replaceAt(text: string, index: number, character: string): string {
  return text.slice(0, index) + character + text.slice(index + 1);
}

function isAccepted(header: string): boolean {
  const read = parseCredential(header);
  return read.kind === 'ok' && verifyChallenge(read.value, keyRing, -1).kind === 'ok';
}

function backwards(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(backwards);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, backwards(item)]),
  );
}
