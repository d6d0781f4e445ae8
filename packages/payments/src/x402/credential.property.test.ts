import { type PaymentPayload, serializePaymentPayload } from '@tollwright/protocols';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCredential } from './credential.ts';
import type { X402Payment } from './payment.ts';
import type { QuotedOffer } from './quote.ts';
import { signedTransferOf } from './signed-transfer.ts';
import { checked, permitFor, quoted, signedAuthorization, signedPermit, wallet } from './signing-harness.ts';

const taking = { ...wallet, transferMethods: ['eip3009' as const, 'permit2' as const] };
const [authorized, permitted] = quoted(taking, 10_000_000n) as readonly [QuotedOffer, QuotedOffer];
const [upto] = quoted(taking, 50_000_000n, 'variable') as readonly [QuotedOffer];
const offers = [authorized, permitted, upto];

type Sample = { readonly header: 'x-payment' | 'payment-signature'; readonly text: string; readonly words: unknown };
let samples: readonly Sample[];

beforeAll(async () => {
  const signed = [
    await signedAuthorization(1, authorized),
    await signedAuthorization(2, authorized),
    await signedPermit(permitted, permitFor(permitted)),
    await signedPermit(upto, permitFor(upto)),
  ];
  samples = signed.map((payload) => {
    const payment = judged(headerOf(payload), serializePaymentPayload(payload));
    if (payment === null) throw new Error('a sample is not accepted');
    return { header: headerOf(payload), text: serializePaymentPayload(payload), words: wordsOf(payment) };
  });
});

const headerOf = ({ x402Version }: PaymentPayload) => (x402Version === 1 ? 'x-payment' : 'payment-signature');
const sample = fc.nat({ max: 3 }).map((index) => () => samples[index] as Sample);

/** The payment that a header makes without anybody else being asked; null for none. */
function judged(header: string, text: string): X402Payment | null {
  const shown = parseCredential({ [header]: text });
  if (shown.kind !== 'presented') return null;
  const result = checked(shown.credential, offers);
  return result.kind === 'accepted' && result.payment.signedBy === 'key' ? result.payment : null;
}

/** What the payer signed and what it pays, without the freedom of spelling: case of hex, and how `v` is counted. */
function wordsOf({ payload, offer, claimKey, payer, validBeforeMs }: X402Payment) {
  const { signature, ...transfer } = signedTransferOf(payload);
  const v = Number.parseInt(signature.slice(130), 16);
  const words = { ...transfer, payer: transfer.payer.toLowerCase(), to: transfer.to.toLowerCase() };
  return {
    words,
    rs: signature.slice(0, 130).toLowerCase(),
    v: v >= 27 ? v - 27 : v,
    offer,
    claimKey,
    payer,
    validBeforeMs,
  };
}

function staysOrFalls({ header, words }: Sample, text: string): void {
  const payment = judged(header, text);
  if (payment !== null) expect(wordsOf(payment)).toEqual(words);
}

/** Every place in a document, as the keys that lead to it. */
function placesOf(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, item]) => placesOf(item, [...at, key]))];
}

function changedAt(value: unknown, [key, ...rest]: readonly string[], change: (old: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  const members = value as Record<string, unknown>;
  const changed = changedAt(members[key], rest, change);
  const others = Object.entries(members).filter(([name]) => name !== key);
  return Object.fromEntries(changed === undefined ? others : [...others, [key, changed]]);
}

const digits = '0123456789abcdef';
const changes: fc.Arbitrary<(old: unknown) => unknown> = fc.oneof(
  fc.constant(() => undefined),
  fc.anything().map((value) => () => value),
  fc.tuple(fc.nat(), fc.nat({ max: 15 })).map(([at, digit]) => (old: unknown) => {
    if (typeof old !== 'string' || old === '') return digit;
    const index = at % old.length;
    return old.slice(0, index) + digits.charAt(digit) + old.slice(index + 1);
  }),
  fc
    .bigInt({ min: -2n, max: 2n })
    .map(
      (by) => (old: unknown) => (typeof old === 'string' && /^\d+$/.test(old) ? (BigInt(old) + by).toString() : old),
    ),
  fc.constant((old: unknown) => (typeof old === 'string' ? old.toUpperCase() : [old])),
);

const written = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '').toString('base64');

describe('payment headers', () => {
  it('read or refuse whatever bytes come, and never throw', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('base64')),
      fc.json().map((json) => Buffer.from(json).toString('base64')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('x-payment', 'payment-signature'), (value, header) => {
        expect(judged(header, value)).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });

  it('accept no credential of which a byte was altered, added or lost', () => {
    const edit = fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.constantFrom('set', 'insert', 'remove'));
    fc.assert(
      fc.property(sample, fc.array(edit, { minLength: 1, maxLength: 3 }), fc.boolean(), (given, edits, inJson) => {
        const { text } = given();
        const bytes = [...Buffer.from(text, inJson ? 'base64' : 'latin1')];
        for (const [at, byte, kind] of edits) {
          bytes.splice(at % bytes.length, kind === 'insert' ? 0 : 1, ...(kind === 'remove' ? [] : [byte]));
        }
        staysOrFalls(given(), Buffer.from(bytes).toString(inJson ? 'base64' : 'latin1'));
      }),
      { numRuns: 2_000 },
    );
  });

  it('accept no credential of which a member was altered, added or lost', () => {
    fc.assert(
      fc.property(sample, fc.nat(), changes, (given, at, change) => {
        const { text } = given();
        const document: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
        const places = placesOf(document);
        staysOrFalls(given(), written(changedAt(document, places[at % places.length] ?? [], change)));
      }),
      { numRuns: 4_000 },
    );
  });

  it('accept no signature under the words of another credential', () => {
    fc.assert(
      fc.property(sample, sample, (one, other) => {
        const [left, right] = [one(), other()].map(({ text }) => JSON.parse(Buffer.from(text, 'base64').toString()));
        const { signature } = right.payload as { signature: string };
        staysOrFalls(one(), written({ ...left, payload: { ...left.payload, signature } }));
        staysOrFalls(one(), written({ ...left, payload: right.payload }));
      }),
    );
  });
});
