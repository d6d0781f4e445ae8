import { randomBytes } from 'node:crypto';
import type { Wallet } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import {
  type MppChallenge,
  mppKeyRing,
  parseChallenges,
  serializeCredential,
  toChallengeFields,
} from '@tollwright/protocols';
import { describe, expect, it } from 'vitest';
import type { PaidRequest } from '../rail.ts';
import { createStripeRail } from './rail.ts';

const keyRing = mppKeyRing(randomBytes(32));
const rail = createStripeRail({ realm: 'gateway.test', keyRing }, () => {
  throw new Error('Stripe is not asked');
});
const account: Wallet = {
  ...{ kind: 'stripe', networkId: 'profile_a', currency: 'usd', paymentMethodTypes: ['card'], sealedKey: 'v1.sealed' },
};
const call: PaidRequest = {
  resource: { url: 'https://gateway.test/acme/report', description: 'Report', mimeType: 'application/json' },
  scope: { providerId: 'prv_1', apiId: 'api_1', routeId: 'rte_1', method: 'GET', keyId: null },
  body: null,
  nowMs: 1_800_000_000_000,
};
const offersAt = (price: bigint, wallets: readonly Wallet[] = [account]) => rail.quote(wallets, nanoUsd(price));

function challengeAt(price: bigint): MppChallenge {
  const { headers } = rail.challenge(offersAt(price).offers, { ...call, reason: 'Pay.' });
  const [parsed] = parseChallenges(headers.map(([, value]) => value));
  if (parsed?.kind !== 'ok') throw new Error('there is no challenge');
  return parsed.value;
}

function check(challenge: MppChallenge, payload: Record<string, string>, wallets: readonly Wallet[] = [account]) {
  const authorization = serializeCredential({ challenge: toChallengeFields(challenge), payload });
  const shown = rail.parse({ authorization });
  if (shown.kind !== 'presented') throw new Error(shown.kind);
  return shown.credential.check({ ...call, offers: offersAt(1_000_000_000n, wallets).offers });
}

describe('method stripe', () => {
  it('asks cents of the account, and never shows its key', () => {
    const challenge = challengeAt(1_004_000_000n);
    expect(challenge).toMatchObject({
      ...{ method: 'stripe', intent: 'charge' },
      request: {
        ...{ amount: '101', currency: 'usd' },
        methodDetails: { networkId: 'profile_a', paymentMethodTypes: ['card'] },
      },
    });
    expect(JSON.stringify(challenge)).not.toContain('sealed');
  });

  it('offers nothing below half a dollar, and says so', () => {
    expect(offersAt(500_000_000n).offers).toHaveLength(1);
    const leftOut = [{ rail: 'stripe', network: 'stripe', reason: 'below-the-minimum', minimumNanoUsd: 500_000_000n }];
    expect(offersAt(499_999_999n)).toEqual({ offers: [], leftOut });
    expect(offersAt(0n)).toEqual({ offers: [], leftOut: [] });
  });

  it('takes a token, at the price of the challenge; the claim is the challenge, whatever the token', () => {
    const challenge = challengeAt(2_000_000_000n);
    const [one, two] = ['spt_1', 'spt_2'].map((spt) => check(challenge, { spt }));
    const claimKey = `stripe:${challenge.id}`;
    expect(one).toMatchObject({
      kind: 'accepted',
      payment: { claimKey, offer: { amountAtomic: 200n, priceNanoUsd: 2_000_000_000n } },
    });
    expect(two).toMatchObject({ kind: 'accepted', payment: { claimKey } });
  });

  it('refuses what is no token, and an account that takes no more', () => {
    const challenge = challengeAt(2_000_000_000n);
    expect(check(challenge, { spt: 'pm_card' })).toEqual({ kind: 'refused', reason: 'invalid-payload' });
    expect(check(challenge, { spt: 'spt_1' }, [])).toEqual({ kind: 'refused', reason: 'invalid-challenge' });
  });

  it('a key that does not open is no judgement of the payer, and after a settlement began no certainty', async () => {
    const checked = check(challengeAt(2_000_000_000n), { spt: 'spt_1' });
    if (checked.kind !== 'accepted') throw new Error(checked.reason);
    const reason = 'Stripe is not asked';
    expect(await checked.payment.verify()).toEqual({ kind: 'unavailable', reason });
    const order = { paymentId: 'pay_1', requestId: 'req_1' };
    expect(await checked.payment.settle(order)).toEqual({ kind: 'unknown', reason, transaction: null });
  });
});
