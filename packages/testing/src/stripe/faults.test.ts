import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { openDouble, refusalOf } from './double-harness.ts';

const { stripe, double, control } = await openDouble();
const pay = (idempotencyKey: string, rest: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create(
    {
      ...{ amount: 1000, currency: 'usd', confirm: true, payment_method: 'pm_card_visa' },
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      metadata: { key: idempotencyKey },
      ...rest,
    },
    { idempotencyKey },
  );
const countOf = async (key: string) => {
  const found = await stripe.paymentIntents.search({ query: `metadata['key']:'${key}'`, limit: 100 });
  return found.data.length;
};
const path = '^/v1/payment_intents$';

describe('idempotency keys', () => {
  it('give the stored answer to the same parameters, and say so', async () => {
    const first = await pay('same');
    const second = await pay('same');
    expect(second.id).toBe(first.id);
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
    expect(second.lastResponse.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'original-request': first.lastResponse.requestId,
      'idempotency-key': 'same',
    });
    expect(second.lastResponse.requestId).not.toBe(first.lastResponse.requestId);
    expect(await countOf('same')).toBe(1);
  });

  it('repeat a decline, and tell it in its headers', async () => {
    const decline = () => refusalOf(pay('declined', { payment_method: 'pm_card_chargeDeclined' }));
    const [first, second] = [await decline(), await decline()];
    expect(second).toMatchObject({ code: 'card_declined', payment_intent: { id: first.payment_intent?.id } });
    expect(second.headers?.['idempotent-replayed']).toBe('true');
    expect(await countOf('declined')).toBe(1);
  });

  it('are refused with other parameters and on other paths', async () => {
    await pay('other');
    expect(await refusalOf(pay('other', { amount: 1001 }))).toMatchObject({
      ...{ type: 'StripeIdempotencyError', statusCode: 400, rawType: 'idempotency_error' },
    });
    const elsewhere = stripe.customers.create({}, { idempotencyKey: 'other' });
    expect((await refusalOf(elsewhere)).message).toContain('can only be used for the same endpoint');
    expect(await refusalOf(pay('k'.repeat(256)))).toMatchObject({ statusCode: 400 });
  });

  it('are free again after a request that was refused before it began', async () => {
    expect(await refusalOf(pay('refused', { amount: 0.5 }))).toMatchObject({ code: 'parameter_invalid_integer' });
    expect(await pay('refused')).toMatchObject({ status: 'succeeded' });
  });

  it('are in use while the first request runs: 409', async () => {
    double.faults.add({ act: 'delay', when: 'before', delayMs: 150, count: 1, path });
    const first = pay('racing');
    await expect.poll(() => double.requests.at(-1)?.idempotencyKey).toBe('racing');
    expect(await refusalOf(pay('racing'))).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    const { id } = await first;
    expect((await pay('racing')).id).toBe(id);
  });

  it('make one payment of ten requests at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => pay('ten')));
    const ids = results.map((result) => (result.status === 'fulfilled' ? result.value.id : 'refused'));
    expect(new Set(ids).size).toBe(1);
    expect(await countOf('ten')).toBe(1);
  });

  it('are forgotten after a day', async () => {
    const { id } = await pay('old');
    double.advance(24 * 3600 * 1000 + 1);
    expect((await pay('old')).id).not.toBe(id);
  });
});

describe('faults', () => {
  it.each([
    ['error', 500, 'StripeAPIError'],
    ['rate-limit', 429, 'StripeRateLimitError'],
  ] as const)('%s before a request is carried out leaves nothing behind', async (act, statusCode, type) => {
    double.faults.add({ act, when: 'before', count: 2, path, method: 'POST' });
    const key = `before-${act}`;
    expect(await refusalOf(pay(key))).toMatchObject({ statusCode, type });
    expect(await refusalOf(pay(key))).toMatchObject({ statusCode });
    expect(await countOf(key)).toBe(0);
    expect(await pay(key)).toMatchObject({ status: 'succeeded' });
    expect(double.faults.pending()).toEqual([]);
  });

  it('error after it leaves a payment that the key gives again', async () => {
    double.faults.add({ act: 'error', when: 'after', count: 1, path });
    expect(await refusalOf(pay('after'))).toMatchObject({ statusCode: 500 });
    expect(await countOf('after')).toBe(1);
    expect((await pay('after')).lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(await countOf('after')).toBe(1);
  });

  it('cut after it leaves a payment too; the SDK asks once more by itself when a connection is cut', async () => {
    double.faults.add({ act: 'cut', when: 'after', count: 2, path });
    expect(await refusalOf(pay('cut'))).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    expect(double.requests.slice(-2).map(({ status, replayed }) => [status, replayed])).toEqual([
      [null, false],
      [null, true],
    ]);
    expect((await pay('cut')).lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(await countOf('cut')).toBe(1);
  });

  it('an error that is stored is given again though the payment was made', async () => {
    double.faults.add({ act: 'error', when: 'after', stored: true, count: 1, path });
    expect(await refusalOf(pay('stored'))).toMatchObject({ statusCode: 500 });
    expect(await refusalOf(pay('stored'))).toMatchObject({ statusCode: 500 });
    expect(await countOf('stored')).toBe(1);
  });

  it('hang answers nobody, before or after the payment', async () => {
    const place = { host: '127.0.0.1', port: double.port, protocol: 'http' as const, maxNetworkRetries: 0 };
    const impatient = new Stripe('sk_test_double', { ...place, timeout: 2_000 });
    double.faults.add({ act: 'hang', when: 'after', count: 1, path });
    const params = { amount: 900, currency: 'usd', metadata: { key: 'hung' } };
    const call = impatient.paymentIntents.create(params, { idempotencyKey: 'hung' });
    expect(await refusalOf(call)).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    expect(await countOf('hung')).toBe(1);
  });

  it('delay after the payment keeps the answer back and nothing else', async () => {
    double.faults.add({ act: 'delay', when: 'after', delayMs: 100, count: 1, path });
    const slow = pay('slow');
    await expect.poll(() => countOf('slow')).toBe(1);
    expect((await pay('slow')).id).toBe((await slow).id);
  });

  it('are asked for over HTTP too, and repeated by the SDK on its own', async () => {
    await control('POST', '/faults', { act: 'cut', when: 'after', count: 1, path });
    const place = { host: '127.0.0.1', port: double.port, protocol: 'http' as const, maxNetworkRetries: 2 };
    const stubborn = new Stripe('sk_test_double', place);
    const before = double.requests.length;
    const intent = await stubborn.paymentIntents.create({ amount: 800, currency: 'usd' });
    expect(intent.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(double.requests.slice(before).map(({ status, fault, replayed }) => [status, fault, replayed])).toEqual([
      [null, 'cut after', false],
      [200, null, true],
    ]);
    const stats = (await control('GET', '/stats')) as { requests: unknown[] };
    expect(stats.requests).toHaveLength(double.requests.length);
    await expect(control('POST', '/faults', { act: 'explode' })).rejects.toThrow('no such act');
    await expect(control('POST', '/nothing')).rejects.toThrow('404');
  });
});
