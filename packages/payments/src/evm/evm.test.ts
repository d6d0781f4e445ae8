import { randomBytes } from 'node:crypto';
import type { Wallet } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import {
  evmChargeNonce,
  type MppChallenge,
  mppKeyRing,
  parseChallenges,
  parseReceipt,
  serializeCredential,
  toChallengeFields,
} from '@tollwright/protocols';
import { authorizationTypes } from '@x402/evm';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import type { PaidRequest, RequestHeaders } from '../rail.ts';
import { FacilitatorPool } from '../x402/facilitator-pool.ts';
import { createEvmRail } from './rail.ts';

const keyRing = mppKeyRing(randomBytes(32));
const pool = new FacilitatorPool({
  facilitators: [{ url: 'http://facilitator.test' }],
  fetch: () => Promise.reject(new Error('away')),
});
const rail = createEvmRail({ realm: 'gateway.test', keyRing }, pool);
const payer = privateKeyToAccount(generatePrivateKey());
const wallet: Wallet = {
  kind: 'x402',
  network: 'eip155:84532',
  asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
  tokenName: 'USDC',
  tokenVersion: '2',
  decimals: 6,
  payTo: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
};
const nowMs = 1_800_000_000_000;
const call: PaidRequest = {
  resource: {
    url: 'https://gateway.test/acme/weather/now?city=a',
    description: 'Weather',
    mimeType: 'application/json',
  },
  scope: { providerId: 'prv_1', apiId: 'api_1', routeId: 'rte_1', method: 'POST', keyId: null },
  body: Buffer.from('{"city":"a"}'),
  nowMs,
};
const offersAt = (price: bigint) => rail.quote([wallet], nanoUsd(price)).offers;

function challengeFor(request: PaidRequest = call, price = 10_000_000n): MppChallenge {
  const { headers } = rail.challenge(offersAt(price), { ...request, reason: 'Pay.' });
  expect(headers.map(([name]) => name)).toEqual(['www-authenticate']);
  const [parsed] = parseChallenges(headers.map(([, value]) => value));
  if (parsed?.kind !== 'ok') throw new Error('there is no challenge');
  return parsed.value;
}

/** What a client signs for a challenge, with what a dishonest one would change. */
async function payloadFor(challenge: MppChallenge, change: Record<string, unknown> = {}, chainId = 84_532) {
  const { amount, recipient, currency } = challenge.request as Record<string, string>;
  const terms = {
    ...{ from: payer.address, to: recipient, value: amount, validAfter: '0' },
    ...{
      validBefore: `${Math.floor(Date.parse(challenge.expires) / 1_000)}`,
      nonce: evmChargeNonce(challenge),
      ...change,
    },
  };
  const signature = await payer.signTypedData({
    domain: { name: 'USDC', version: '2', chainId, verifyingContract: currency as `0x${string}` },
    primaryType: 'TransferWithAuthorization',
    types: authorizationTypes,
    message: terms as never,
  });
  return { type: 'authorization', ...terms, signature };
}

async function headersFor(challenge: MppChallenge, payload?: object): Promise<RequestHeaders> {
  const proof = (payload ?? (await payloadFor(challenge))) as never;
  return { authorization: serializeCredential({ challenge: toChallengeFields(challenge), payload: proof }) };
}

function check(headers: RequestHeaders, request: Partial<PaidRequest> = {}) {
  const shown = rail.parse(headers);
  if (shown.kind !== 'presented') return shown;
  return shown.credential.check({ ...call, ...request, offers: [] });
}

describe('method evm', () => {
  it('asks what the wallet takes, bound to the body', () => {
    expect(challengeFor()).toMatchObject({
      ...{ realm: 'gateway.test', method: 'evm', intent: 'charge', digest: expect.stringMatching(/^sha-256=:/) },
      request: {
        ...{ amount: '10000', currency: wallet.asset, recipient: wallet.payTo },
        methodDetails: { chainId: 84_532, credentialTypes: ['authorization'], decimals: 6 },
      },
    });
    expect(challengeFor({ ...call, body: null })).not.toHaveProperty('digest');
    expect(challengeFor()).not.toHaveProperty('header');
    expect(challengeFor({ ...call, scope: { ...call.scope, keyId: 'key_1' } }).header).toBe('Payment-Authorization');
  });

  it('takes the authorization that was asked for, under the claim that x402 would have', async () => {
    const challenge = challengeFor();
    const checked = check(await headersFor(challenge));
    const claim = [`x402:eip155:84532:${wallet.asset}`, payer.address, evmChargeNonce(challenge)];
    expect(checked).toMatchObject({
      kind: 'accepted',
      payment: {
        ...{ rail: 'evm', scheme: 'charge', claimKey: claim.join(':').toLowerCase() },
        ...{ payer: payer.address.toLowerCase(), offer: { amountAtomic: 10_000n, priceNanoUsd: 10_000_000n } },
        details: { challengeId: challenge.id },
      },
    });
  });

  it('honours a price that has changed meanwhile: the challenge says what was asked', async () => {
    const checked = check(await headersFor(challengeFor(call, 5_000_000n)));
    expect(checked).toMatchObject({ kind: 'accepted', payment: { offer: { priceNanoUsd: 5_000_000n } } });
  });

  it.each<[string, Partial<PaidRequest>]>([
    ['another route', { scope: { ...call.scope, routeId: 'rte_2' } }],
    ['another method', { scope: { ...call.scope, method: 'GET' } }],
    ['another API', { scope: { ...call.scope, apiId: 'api_2' } }],
    ['another provider', { scope: { ...call.scope, providerId: 'prv_2' } }],
    ['a key that it was not made for', { scope: { ...call.scope, keyId: 'key_1' } }],
    ['another address', { resource: { ...call.resource, url: 'https://gateway.test/acme/weather/now?city=b' } }],
    ['another body', { body: Buffer.from('{"city":"b"}') }],
    ['no body', { body: null }],
  ])('refuses a challenge on %s', async (_what, request) => {
    const headers = await headersFor(challengeFor());
    expect(check(headers, request)).toEqual({ kind: 'refused', reason: 'invalid-challenge' });
  });

  it('refuses a GET challenge on a call with a body', async () => {
    const headers = await headersFor(challengeFor({ ...call, body: null }));
    expect(check(headers)).toEqual({ kind: 'refused', reason: 'invalid-challenge' });
  });

  it('refuses a challenge after its end, and one of another secret', async () => {
    const headers = await headersFor(challengeFor());
    expect(check(headers, { nowMs: nowMs + 300_000 })).toEqual({ kind: 'refused', reason: 'payment-expired' });
    const other = createEvmRail({ realm: 'gateway.test', keyRing: mppKeyRing(randomBytes(32)) }, pool);
    const shown = other.parse(headers);
    if (shown.kind !== 'presented') throw new Error(shown.kind);
    expect(shown.credential.check({ ...call, offers: [] })).toEqual({ kind: 'refused', reason: 'invalid-challenge' });
  });

  it.each([
    ['less', { value: '9999' }, 'amount-mismatch'],
    ['to somebody else', { to: `0x${'99'.repeat(20)}` }, 'recipient-mismatch'],
    ['with the nonce of another challenge', { nonce: `0x${'11'.repeat(32)}` }, 'nonce-of-another-challenge'],
    ['too late', { validBefore: `${nowMs / 1_000 + 5}` }, 'payment-expired'],
    ['not yet', { validAfter: `${nowMs / 1_000 + 1}` }, 'not-valid-yet'],
    ['in the name of another', { from: `0x${'99'.repeat(20)}` }, 'invalid-signature'],
  ])('refuses an authorization %s', async (_what, change, reason) => {
    const challenge = challengeFor();
    expect(check(await headersFor(challenge, await payloadFor(challenge, change)))).toEqual({
      kind: 'refused',
      reason,
    });
  });

  it('refuses a signature for another chain, and a payload that is none', async () => {
    const challenge = challengeFor();
    const foreign = await payloadFor(challenge, {}, 1);
    expect(check(await headersFor(challenge, foreign))).toEqual({ kind: 'refused', reason: 'invalid-signature' });
    expect(check(await headersFor(challenge, { spt: 'spt_1' }))).toEqual({
      kind: 'refused',
      reason: 'invalid-payload',
    });
  });

  it('refuses a cheaper challenge that was written into a dearer one', async () => {
    const challenge = challengeFor();
    const request = { ...challenge.request, amount: '1' };
    const requestEncoded = Buffer.from(JSON.stringify(request)).toString('base64url');
    const altered = { ...challenge, request, requestEncoded };
    expect(check(await headersFor(altered))).toEqual({ kind: 'refused', reason: 'invalid-challenge' });
  });

  it('tells nothing, garbage, other methods and two payments apart', async () => {
    const challenge = challengeFor();
    const { authorization } = await headersFor(challenge);
    expect(check({}).kind).toBe('none');
    expect(check({ authorization: 'Bearer abc' }).kind).toBe('none');
    expect(check({ authorization: 'Payment ???' })).toEqual({ kind: 'unreadable', reason: 'malformed-credential' });
    expect(check({ authorization, 'payment-authorization': authorization }).kind).toBe('malformed');
    expect(check({ authorization: 'Bearer abc', 'payment-authorization': authorization }).kind).toBe('accepted');
    const stripe = { ...toChallengeFields(challenge), method: 'stripe' };
    const foreign = { authorization: serializeCredential({ challenge: stripe, payload: {} }) };
    expect(check(foreign)).toEqual({ kind: 'foreign', method: 'stripe/charge' });
  });

  it('gives a receipt for a settled payment, and for no other', async () => {
    const checked = check(await headersFor(challengeFor()));
    if (checked.kind !== 'accepted') throw new Error(checked.kind);
    const transaction = `0x${'0c'.repeat(32)}`;
    const [[name, value] = ['', '']] = checked.payment.receipt({ kind: 'settled', transaction }, nowMs);
    expect([name, parseReceipt(value)]).toEqual([
      'payment-receipt',
      {
        kind: 'ok',
        value: { status: 'success', method: 'evm', reference: transaction, timestamp: '2027-01-15T08:00:00.000Z' },
      },
    ]);
    expect(checked.payment.receipt({ kind: 'failed', reason: 'x' }, nowMs)).toEqual([]);
    expect(checked.payment.receipt({ kind: 'unknown', reason: 'x', transaction: null }, nowMs)).toEqual([]);
  });
});
