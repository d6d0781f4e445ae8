import { loadMppx, type Mppx } from '@tollwright/testing';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { recoverSigner } from '../evm/recover-signer.ts';
import { authorizationDigest } from '../x402/authorization-digest.ts';
import { bodyDigest } from './body-digest.ts';
import { canonicalJson } from './canonical-json.ts';
import { type MppCredential, parseCredential, serializeCredential } from './credential.ts';
import { evmChargeNonce, parseEvmChargePayload } from './evm-charge.ts';
import { mppKeyRing } from './key-ring.ts';
import { type IssuedChallenge, issueChallenge, type MppOffer, type MppTerms, prepareOffer } from './offer.ts';
import { encodeOpaque } from './opaque.ts';
import { parseChallenges } from './parse-challenges.ts';
import { type MppProblem, mppProblems, mppProblemType } from './problems.ts';
import { type MppReceipt, parseReceipt, serializeReceipt } from './receipt.ts';
import { verifyChallenge } from './verify-challenge.ts';
import { channelIdOf, tempoChannelReserve, voucherDigest } from './voucher.ts';

const secretKey = 'a secret of thirty-two bytes ok!';
const keyRing = mppKeyRing(secretKey);
const expiresAtMs = Date.now() + 300_000;
const expires = new Date(expiresAtMs).toISOString();
const usdc = '0x036CbD53842c5426634e7929541eC2318f3dCF7e';
const payerKey = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';
const stripeOffer: MppOffer = {
  realm: 'api.example.com',
  method: 'stripe',
  intent: 'charge',
  request: { amount: '100', currency: 'usd', methodDetails: { networkId: 'profile_1', paymentMethodTypes: ['card'] } },
};
const evmOffer: MppOffer = {
  realm: 'api.example.com',
  method: 'evm',
  intent: 'charge',
  request: {
    amount: '10000',
    currency: usdc,
    recipient: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
    methodDetails: { chainId: 84_532, credentialTypes: ['authorization'], decimals: 6 },
  },
};

let mppx: Mppx;
beforeAll(async () => {
  mppx = await loadMppx();
});

function unwrap<T>(read: { kind: 'ok'; value: T } | { kind: 'malformed'; reason: string }): T {
  if (read.kind === 'malformed') throw new Error(read.reason);
  return read.value;
}

function issue(offer: MppOffer, terms: Partial<MppTerms> = {}): IssuedChallenge {
  return unwrap(issueChallenge(unwrap(prepareOffer(offer)), keyRing, { expiresAtMs, ...terms }));
}

const wholeTerms = {
  digest: bodyDigest(Buffer.from('{}')),
  opaque: unwrap(encodeOpaque({ tenant: 't1', route: 'ü' })),
};
const wholeOffer = { ...stripeOffer, description: 'A "tea", \\ 1 € für 😀', header: 'Payment-Authorization' };
const cases = [
  ['plain', stripeOffer, {}],
  ['whole', wholeOffer, wholeTerms],
] as const;

describe('mppx 0.11', () => {
  it.each(cases)('reads our challenges and knows their ids (%s)', (_name, offer, terms) => {
    const { challenge, header } = issue(offer, terms);
    const [theirs, ...more] = mppx.Challenge.deserializeList(
      `Bearer realm="a, b", ${header}, ${issue(evmOffer).header}`,
    );
    const { requestEncoded: _, ...same } = challenge;
    expect([theirs, more.length]).toEqual([same, 1]);
    if (theirs === undefined) return;
    expect(mppx.Challenge.verify(theirs, { secretKey })).toBe(true);
    expect(mppx.Challenge.verify(theirs, { secretKey: secretKey.toUpperCase() })).toBe(false);
    expect(mppx.Challenge.verify({ ...theirs, realm: 'evil.example' }, { secretKey })).toBe(false);
  });

  it.each(cases)('makes challenges that we read and know as ours (%s)', (_name, offer, terms) => {
    const theirs = mppx.Challenge.from({ ...offer, ...terms, expires, secretKey });
    const ours = issue(offer, terms).challenge;
    expect(parseChallenges(mppx.Challenge.serialize(theirs))).toEqual([{ kind: 'ok', value: ours }]);
  });

  it.each(cases)('reads our credentials, and we read its (%s)', (_name, offer, terms) => {
    const { challenge, header } = issue(offer, terms);
    const [theirs] = mppx.Challenge.deserializeList(header);
    if (theirs === undefined) throw new Error('not read');
    const sent = mppx.Credential.serialize({ challenge: theirs, payload: { spt: 'spt_1' }, source: 'did:key:z6Mk' });
    const read = unwrap(parseCredential(sent));
    expect(read).toMatchObject({ payload: { spt: 'spt_1' }, source: 'did:key:z6Mk' });
    expect(verifyChallenge(read, keyRing, Date.now())).toEqual({ kind: 'ok', request: challenge.request });
    expect(verifyChallenge(read, keyRing, expiresAtMs).kind).toBe('payment-expired');
    expect(mppx.Credential.deserialize(serializeCredential(read))).toEqual(mppx.Credential.deserialize(sent));
  });

  it('writes requests as we do, and what it echoes of any is ours', () => {
    const request = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
    fc.assert(
      fc.property(request.map(withIntegers), (value) => {
        const { challenge, header } = issue({ ...stripeOffer, request: value });
        expect(mppx.PaymentRequest.serialize(value)).toBe(challenge.requestEncoded);
        const [theirs] = mppx.Challenge.deserializeList(header);
        if (theirs === undefined) throw new Error('not read');
        const read = unwrap(parseCredential(mppx.Credential.serialize({ challenge: theirs, payload: { value } })));
        expect(verifyChallenge(read, keyRing, Date.now())).toEqual({ kind: 'ok', request: value });
      }),
    );
  });

  it('has a client that pays our evm charge, of several that it is offered', async () => {
    const account = mppx.privateKeyToAccount(payerKey);
    const authorization = { name: 'USDC', version: '2' };
    const method = mppx.client.evm.charge({ account, authorization, networks: [84_532], currencies: [usdc] });
    const client = mppx.client.Mppx.create({ polyfill: false, methods: [method] });
    const headers = new Headers();
    headers.append('www-authenticate', 'Bearer realm="api.example.com", error="insufficient_scope"');
    headers.append('www-authenticate', issue(wholeOffer, wholeTerms).header);
    const { challenge, header } = issue({ ...evmOffer, header: 'Payment-Authorization' }, wholeTerms);
    headers.append('www-authenticate', header);
    const read = unwrap(parseCredential(await client.createCredential(new Response(null, { status: 402, headers }))));
    expect(verifyChallenge(read, keyRing, Date.now())).toEqual({ kind: 'ok', request: evmOffer.request });
    const payload = unwrap(parseEvmChargePayload(read.payload));
    expect(payload.nonce).toBe(evmChargeNonce(challenge));
    expect(payload).toMatchObject({ to: evmOffer.request.recipient, value: 10_000n });
    const digest = authorizationDigest({ ...authorization, chainId: 84_532n, verifyingContract: usdc }, payload);
    expect(recoverSigner(digest, payload.signature)).toBe(account.address.toLowerCase());
    expect(read.source).toBe(`did:pkh:eip155:84532:${account.address}`);
  });

  it('reads our receipts, and we read its', () => {
    const charge: MppReceipt = { status: 'success', method: 'stripe', timestamp: expires, reference: 'pi_1' };
    expect(mppx.Receipt.deserialize(serializeReceipt(charge))).toEqual(charge);
    expect(parseReceipt(mppx.Receipt.serialize({ ...charge, externalId: 'ü' }))).toEqual({
      kind: 'ok',
      value: { ...charge, externalId: 'ü' },
    });
    const channelId = `0x${'11'.repeat(32)}`;
    const session = { ...charge, method: 'tempo', intent: 'session' as const, challengeId: 'abc', channelId, units: 3 };
    const ours = serializeReceipt({ ...session, acceptedCumulative: 30n, spent: 20n });
    const { Protocol } = mppx.Session.Precompile;
    const theirs = Protocol.deserializeSessionReceipt(ours);
    expect(theirs).toEqual({ ...session, acceptedCumulative: '30', spent: '20' });
    expect(parseReceipt(Protocol.serializeSessionReceipt(theirs))).toEqual(parseReceipt(ours));
  });

  it('signs vouchers whose channel and signer we find', async () => {
    const { Channel, Voucher } = mppx.Session.Precompile;
    const account = mppx.privateKeyToAccount(payerKey);
    const bytes = (count: number) =>
      fc.uint8Array({ minLength: count, maxLength: count }).map((value) => `0x${Buffer.from(value).toString('hex')}`);
    const channel = fc.record({
      payer: bytes(20),
      payee: bytes(20),
      operator: bytes(20),
      token: bytes(20),
      salt: bytes(32),
      authorizedSigner: bytes(20),
      expiringNonceHash: bytes(32),
    });
    const amount = fc.bigInt({ min: 0n, max: (1n << 96n) - 1n });
    await fc.assert(
      fc.asyncProperty(
        channel,
        amount,
        fc.integer({ min: 1, max: 99_999 }),
        async (value, cumulativeAmount, chainId) => {
          const channelId = Channel.computeId({ ...value, chainId });
          expect(channelIdOf(BigInt(chainId), value)).toBe(channelId);
          const voucher = { channelId, cumulativeAmount };
          const signature = await Voucher.signVoucher(null, account, voucher, tempoChannelReserve, chainId);
          expect(recoverSigner(voucherDigest(BigInt(chainId), voucher), signature)).toBe(account.address.toLowerCase());
        },
      ),
      { numRuns: 25 },
    );
  });

  it('names, counts and titles problems as we do', () => {
    const theirs = Object.values(mppx.Errors).flatMap((value) => {
      if (typeof value !== 'function' || value === mppx.Errors.PaymentError) return [];
      const { type, status, title } = Reflect.construct(value, []) as Record<string, unknown>;
      return [{ type, status, title }];
    });
    const ours = Object.entries(mppProblems).map(([slug, problem]) => ({
      type: mppProblemType(slug as MppProblem),
      ...problem,
    }));
    const byType = (a: { type: unknown }, b: { type: unknown }) => (String(a.type) < String(b.type) ? -1 : 1);
    expect(ours.sort(byType)).toEqual(theirs.sort(byType));
  });

  it('refuses a forged request, as we do', () => {
    const { challenge } = issue(stripeOffer);
    const { requestEncoded, ...rest } = challenge;
    const forged: MppCredential = {
      challenge: { ...rest, request: Buffer.from(canonicalJson({ amount: '1' })).toString('base64url') },
      payload: {},
    };
    const theirs = mppx.Credential.deserialize(serializeCredential(forged));
    expect(mppx.Challenge.verify(theirs.challenge, { secretKey })).toBe(false);
    expect(verifyChallenge(forged, keyRing, Date.now()).kind).toBe('invalid-challenge');
    expect(requestEncoded).not.toBe(forged.challenge.request);
  });
});

/** Canonical JSON has no fractions; mppx loses members named `__proto__`. */
function withIntegers(value: unknown): MppOffer['request'] {
  const written = JSON.stringify(value, (_, item) => (typeof item === 'number' ? Math.trunc(item) % 2 ** 53 : item));
  return JSON.parse(written.replaceAll('"__proto__"', '"proto"'));
}
