import { randomBytes } from 'node:crypto';
import type { Wallet } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import {
  evmChargeNonce,
  type JsonObject,
  type MppChallenge,
  mppKeyRing,
  parseChallenges,
  serializeCredential,
  toChallengeFields,
} from '@tollwright/protocols';
import { authorizationTypes } from '@x402/evm';
import fc from 'fast-check';
import { sign } from 'ox/Secp256k1';
import * as TxEnvelopeTempo from 'ox/tempo/TxEnvelopeTempo';
import { type Hex, keccak256, toBytes } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { beforeAll, describe, expect, it } from 'vitest';
import { changedSomewhere, editedBytes, edits, memberChange } from '../altered-harness.ts';
import { createEvmRail } from '../evm/rail.ts';
import type { LimitedFetch } from '../limited-fetch.ts';
import type { PaidRequest, Payment, Rail } from '../rail.ts';
import { createTempoRail } from '../tempo/rail.ts';
import { FacilitatorPool } from '../x402/facilitator-pool.ts';

const issuer = { realm: 'gateway.test', keyRing: mppKeyRing(randomBytes(32)) };
const privateKey = generatePrivateKey();
const payer = privateKeyToAccount(privateKey);
const payTo = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';
const token = { asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e', decimals: 6, payTo } as const;
const wallets: readonly Wallet[] = [
  { kind: 'x402', network: 'eip155:84532', tokenName: 'USDC', tokenVersion: '2', ...token },
  { kind: 'tempo', network: 'eip155:42431', ...token },
];
const nowMs = 1_800_000_000_000;
const untilSeconds = nowMs / 1_000 + 250;
const call: PaidRequest = {
  resource: { url: 'https://gateway.test/acme/now', description: 'Weather', mimeType: 'application/json' },
  scope: { providerId: 'prv_1', apiId: 'api_1', routeId: 'rte_1', method: 'POST', keyId: null },
  body: Buffer.from('{"city":"a"}'),
  nowMs,
};

/** A chain on which this payer alone has funds: a signature of nobody's is by an address that has none. */
const node = (async (_url: string, { body }: { body: string }) => {
  const { params } = JSON.parse(body) as { params: [{ data: string }] };
  const isPayer = params[0].data.endsWith(payer.address.slice(2).toLowerCase());
  return Response.json({ jsonrpc: '2.0', id: 1, result: isPayer ? '0x989680' : '0x0' });
}) as unknown as LimitedFetch;

type Sample = {
  readonly rail: Rail;
  readonly challenge: object;
  readonly payload: JsonObject;
  readonly words: unknown;
};
let samples: readonly Sample[];

beforeAll(async () => {
  const away = () => Promise.reject(new Error('away'));
  const pool = new FacilitatorPool({ facilitators: [{ url: 'http://facilitator.test' }], fetch: away });
  const evm = createEvmRail(issuer, pool);
  const tempo = await createTempoRail(issuer, {
    rpcUrls: new Map([['eip155:42431', 'http://node.test']]),
    fetch: node,
  });
  samples = await Promise.all(
    [1, 2].flatMap((price) => [sampleOf(evm, price, authorizationFor), sampleOf(tempo, price, transactionFor)]),
  );
});

async function sampleOf(rail: Rail, price: number, proofFor: (challenge: MppChallenge) => Promise<JsonObject>) {
  const { offers } = rail.quote(wallets, nanoUsd(BigInt(price) * 10_000_000n));
  const { headers } = rail.challenge(offers, { ...call, reason: 'Pay.' });
  const [challenge] = parseChallenges(headers.map(([, value]) => value));
  if (challenge?.kind !== 'ok') throw new Error('there is no challenge');
  const [fields, payload] = [toChallengeFields(challenge.value), await proofFor(challenge.value)];
  const payment = await judged(rail, serializeCredential({ challenge: fields, payload }));
  if (payment === null) throw new Error('a sample is not accepted');
  return { rail, challenge: fields, payload, words: wordsOf(payment) };
}

async function authorizationFor(challenge: MppChallenge): Promise<JsonObject> {
  const { amount, recipient, currency } = challenge.request as Record<string, string>;
  const terms = {
    ...{ from: payer.address, to: recipient, value: amount, validAfter: '0', validBefore: `${untilSeconds}` },
    nonce: evmChargeNonce(challenge),
  };
  const signature = await payer.signTypedData({
    domain: { name: 'USDC', version: '2', chainId: 84_532, verifyingContract: currency as Hex },
    primaryType: 'TransferWithAuthorization',
    types: authorizationTypes,
    message: terms as never,
  });
  return { type: 'authorization', ...terms, signature } as JsonObject;
}

async function transactionFor({ id, realm, request }: MppChallenge): Promise<JsonObject> {
  const { amount, recipient, currency } = request as Record<string, string>;
  const mark = (text: string, bytes: number) => keccak256(toBytes(text)).slice(2, 2 + 2 * bytes);
  const memo = `${mark('mpp', 4)}01${mark(realm, 10)}${'00'.repeat(10)}${mark(id, 7)}`;
  const word = (hex: string) => hex.padStart(64, '0');
  const data = `0x95777d59${word(`${recipient}`.slice(2).toLowerCase())}${word(BigInt(`${amount}`).toString(16))}${memo}`;
  const envelope = TxEnvelopeTempo.from({
    ...{ type: 'tempo', chainId: 42_431, nonceKey: (1n << 256n) - 1n, nonce: 0n, validBefore: untilSeconds },
    calls: [{ to: currency as Hex, data: data as Hex }],
    ...{ feeToken: currency as Hex, gas: 100_000n, maxFeePerGas: 10n, maxPriorityFeePerGas: 1n },
  });
  const signature = sign({ payload: TxEnvelopeTempo.getSignPayload(envelope), privateKey });
  return { type: 'transaction', signature: TxEnvelopeTempo.serialize(envelope, { signature }) };
}

/** The payment that a credential makes, as far as the rail can tell; null for none. */
async function judged(rail: Rail, authorization: string): Promise<Payment | null> {
  const shown = rail.parse({ authorization });
  if (shown.kind !== 'presented') return null;
  const result = shown.credential.check({ ...call, offers: [] });
  if (result.kind === 'refused') return null;
  const { payment } = result;
  // What only the chain can refuse, it has to refuse; facilitators are away.
  return payment.rail === 'tempo' && (await payment.verify()).kind !== 'valid' ? null : payment;
}

/** What is paid and by whom, without the freedom of spelling. */
function wordsOf({ claimKey, payer: by, offer, validBeforeMs, scheme }: Payment): unknown {
  const { rail, network, asset, payTo: to, amountAtomic, priceNanoUsd } = offer;
  return { claimKey, by, rail, network, asset, to, amountAtomic, priceNanoUsd, validBeforeMs, scheme };
}

async function staysOrFalls({ rail, words }: Sample, authorization: string): Promise<void> {
  const payment = await judged(rail, authorization);
  if (payment !== null) expect(wordsOf(payment)).toEqual(words);
}

const written = (value: unknown) => `Payment ${Buffer.from(JSON.stringify(value) ?? '').toString('base64url')}`;
const wholeOf = ({ challenge, payload }: Sample) => ({ challenge, payload });
const sample = fc.nat({ max: 3 }).map((index) => () => samples[index] as Sample);

/** Every place, where RLP's empty list and empty text are put or stand instead. */
function places(length: number) {
  return Array.from({ length }, (_, at) => at).flatMap((at) =>
    [0xc0, 0x80].flatMap((byte) => (['set', 'insert'] as const).map((kind) => [at, byte, kind] as const)),
  );
}

describe('credentials of methods evm and tempo', () => {
  it('are read or refused whatever bytes come, and never throw', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
    );
    await fc.assert(
      fc.asyncProperty(sample, text, async (given, value) => {
        expect(await judged(given().rail, `Payment ${value}`)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it('are refused, or say the same, when a byte was altered, added or lost', async () => {
    await fc.assert(
      fc.asyncProperty(sample, edits, fc.boolean(), async (given, made, inJson) => {
        const text = JSON.stringify(wholeOf(given()));
        const altered = inJson
          ? editedBytes(Buffer.from(text), made).toString('base64url')
          : editedBytes(Buffer.from(Buffer.from(text).toString('base64url'), 'latin1'), made).toString('latin1');
        await staysOrFalls(given(), `Payment ${altered}`);
      }),
      { numRuns: 1_000 },
    );
  });

  it('are refused, or say the same, when a byte of the proof itself was altered, added or lost', async () => {
    await fc.assert(
      fc.asyncProperty(sample, edits, async (given, made) => {
        const { challenge, payload } = given();
        const { signature } = payload as { signature: string };
        const altered = editedBytes(Buffer.from(signature.slice(2), 'hex'), made).toString('hex');
        await staysOrFalls(given(), written({ challenge, payload: { ...payload, signature: `0x${altered}` } }));
      }),
      { numRuns: 1_000 },
    );
  });

  it('are refused, or say the same, when an empty list or text stands anywhere in a transaction', async () => {
    const given = samples.find(({ rail }) => rail.name === 'tempo') as Sample;
    const { challenge, payload } = given;
    const proof = Buffer.from(String(payload.signature).slice(2), 'hex');
    for (const [at, byte, kind] of places(proof.length)) {
      const altered = editedBytes(proof, [[at, byte, kind]]).toString('hex');
      await staysOrFalls(given, written({ challenge, payload: { ...payload, signature: `0x${altered}` } }));
    }
  });

  it('are refused, or say the same, when a member was altered, added or lost', async () => {
    await fc.assert(
      fc.asyncProperty(sample, memberChange, async (given, change) => {
        await staysOrFalls(given(), written(changedSomewhere(wholeOf(given()), change)));
      }),
      { numRuns: 1_500 },
    );
  });

  it('pay for no other challenge than the one that they were made for', async () => {
    for (const { rail, challenge } of samples) {
      for (const other of samples) {
        const shown = await judged(rail, written({ challenge, payload: other.payload }));
        expect(shown === null).toBe(other.challenge !== challenge);
      }
    }
  });
});
