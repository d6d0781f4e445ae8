import { type StripeDouble, startStripeDouble } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChargeOrder, chargeToken } from './charge-token.ts';
import { type StripeClient, StripeClients } from './clients.ts';
import { findCharge } from './find-charge.ts';
import { judgeToken, sharedPaymentVersion } from './granted-token.ts';

let double: StripeDouble;
let client: StripeClient;
let made = 0;

beforeAll(async () => {
  double = await startStripeDouble({ port: 0 });
  client = new StripeClients({ url: double.url, timeoutMs: 4_000 }).of('sk_test_a');
});
afterAll(() => double.close());

async function granted(paymentMethod = 'pm_card_visa', limit = 100): Promise<string> {
  const limits = { currency: 'usd', max_amount: limit, expires_at: Math.floor(Date.now() / 1_000) + 300 };
  const form = { payment_method: paymentMethod, usage_limits: limits, seller_details: { network_id: 'profile_a' } };
  const path = '/v1/test_helpers/shared_payment/granted_tokens';
  const token = (await client.rawRequest('POST', path, form, { apiVersion: sharedPaymentVersion })) as { id: string };
  return token.id;
}

async function orderOf(paymentMethod?: string): Promise<ChargeOrder> {
  made += 1;
  const token = await granted(paymentMethod);
  return { token, amountMinor: 100n, currency: 'usd', idempotencyKey: `key_${made}`, metadata: { call: `${made}` } };
}

const find = (order: ChargeOrder, transaction: string | null = null) =>
  findCharge(client, {
    transaction,
    metadata: { name: 'call', value: order.metadata.call ?? '' },
    sinceMs: Date.now() - 60_000,
    untilMs: Date.now() + 60_000,
  });

const failCreate = (act: 'error' | 'hang', when: 'before' | 'after') =>
  double.faults.add({ act, when, status: 500, count: 1, method: 'POST', path: '^/v1/payment_intents$' });

describe('a token', () => {
  it('may bear what its limit allows, in its currency, until it is used', async () => {
    const token = await granted();
    const charge = { token, amountMinor: 100n, currency: 'usd' };
    const judged = (change: object = {}, nowMs = Date.now()) => judgeToken(client, { ...charge, ...change }, nowMs);
    expect(await judged()).toEqual({ kind: 'valid' });
    expect(await judged({ amountMinor: 101n })).toEqual({ kind: 'invalid', reason: 'token_limit_too_low' });
    expect(await judged({ currency: 'eur' })).toEqual({ kind: 'invalid', reason: 'token_of_another_currency' });
    expect(await judged({ token: 'spt_none' })).toEqual({ kind: 'invalid', reason: 'token_unknown' });
    expect(await judged({}, Date.now() + 600_000)).toEqual({ kind: 'invalid', reason: 'token_expired' });
    await chargeToken(client, { ...charge, idempotencyKey: 'used', metadata: {} });
    expect(await judged()).toEqual({ kind: 'invalid', reason: 'token_consumed' });
  });

  it('is not judged while Stripe is away', async () => {
    const away = new StripeClients({ url: 'http://127.0.0.1:9' }).of('sk_test_a');
    const verdict = await judgeToken(away, { token: 'spt_1', amountMinor: 1n, currency: 'usd' }, Date.now());
    expect(verdict.kind).toBe('unavailable');
  });
});

describe('a charge', () => {
  it('settles, and is found by its id and by its metadata', async () => {
    const order = await orderOf();
    const outcome = await chargeToken(client, order);
    if (outcome.kind !== 'settled') throw new Error(outcome.reason);
    expect(await find(order)).toEqual(outcome);
    expect(await find(order, outcome.transaction)).toEqual(outcome);
  });

  it('is made once for its key, however often it is asked for', async () => {
    const order = await orderOf();
    const [one, two] = [await chargeToken(client, order), await chargeToken(client, order)];
    expect([one.kind, two]).toEqual(['settled', one]);
  });

  it.each([
    ['a card that is declined', 'pm_card_chargeDeclined', 'failed', 'failed'],
    ['a card whose owner has to act', 'pm_card_authenticationRequired', 'failed', 'failed'],
    ['a bank that takes its time', 'pm_usBankAccount_processing', 'unknown', 'open'],
  ])('of %s', async (_what, method, kind, found) => {
    const order = await orderOf(method);
    expect((await chargeToken(client, order)).kind).toBe(kind);
    expect((await find(order)).kind).toBe(found);
  });

  it.each(['error', 'hang'] as const)('whose reply is lost (%s) is unknown, and found as settled', async (act) => {
    const order = await orderOf();
    failCreate(act, 'after');
    expect(await chargeToken(client, order)).toMatchObject({ kind: 'unknown', transaction: null });
    expect((await find(order)).kind).toBe('settled');
  });

  it('that never arrived is unknown, and is not found', async () => {
    const order = await orderOf();
    failCreate('error', 'before');
    expect((await chargeToken(client, order)).kind).toBe('unknown');
    expect(await find(order)).toEqual({ kind: 'none' });
  });
});
