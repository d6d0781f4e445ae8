import { type PaymentPayload, serializePaymentPayload } from '@tollwright/protocols';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { changedSomewhere, editedBytes, edits, memberChange, writtenInBase64 } from '../altered-harness.ts';
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
    fc.assert(
      fc.property(sample, edits, fc.boolean(), (given, made, inJson) => {
        const encoding = inJson ? 'base64' : 'latin1';
        const bytes = Buffer.from(given().text, encoding);
        staysOrFalls(given(), editedBytes(bytes, made).toString(encoding));
      }),
      { numRuns: 2_000 },
    );
  });

  it('accept no credential of which a member was altered, added or lost', () => {
    fc.assert(
      fc.property(sample, memberChange, (given, change) => {
        const document: unknown = JSON.parse(Buffer.from(given().text, 'base64').toString());
        staysOrFalls(given(), writtenInBase64(changedSomewhere(document, change)));
      }),
      { numRuns: 4_000 },
    );
  });

  it('accept no signature under the words of another credential', () => {
    fc.assert(
      fc.property(sample, sample, (one, other) => {
        const [left, right] = [one(), other()].map(({ text }) => JSON.parse(Buffer.from(text, 'base64').toString()));
        const { signature } = right.payload as { signature: string };
        staysOrFalls(one(), writtenInBase64({ ...left, payload: { ...left.payload, signature } }));
        staysOrFalls(one(), writtenInBase64({ ...left, payload: right.payload }));
      }),
    );
  });
});
