import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { openDouble, refusalOf } from './double-harness.ts';

const { stripe, double } = await openDouble();

async function raw(method: string, path: string, { body, key = 'sk_test_double', headers = {} }: RawOptions = {}) {
  const response = await fetch(`${double.url}${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const document = (await response.json()) as { error?: Record<string, unknown> } & Record<string, unknown>;
  return { status: response.status, headers: response.headers, document, error: document.error };
}
type RawOptions = { body?: string; key?: string | null; headers?: Record<string, string> };

describe('keys and versions', () => {
  it.each([
    [null, 401, 'You did not provide an API key'],
    ['sk_live_1234', 401, 'Invalid API Key provided: sk_live_'],
    ['whatever', 401, 'Invalid API Key provided'],
    ['pk_test_1234', 403, 'publishable'],
  ])('a request with the key %s is refused', async (key, status, message) => {
    const answer = await raw('GET', '/v1/customers', { key });
    expect(answer.status).toBe(status);
    expect(answer.error).toMatchObject({ type: 'invalid_request_error', message: expect.stringContaining(message) });
  });

  it('a key may come as the name of Basic authorization', async () => {
    const authorization = `Basic ${Buffer.from('sk_test_double:').toString('base64')}`;
    expect((await raw('GET', '/v1/customers', { key: null, headers: { authorization } })).status).toBe(200);
  });

  it('every answer names its request and echoes the version', async () => {
    const answer = await raw('GET', '/v1/customers', { headers: { 'stripe-version': '2026-07-29.preview' } });
    expect(answer.headers.get('request-id')).toMatch(/^req_/);
    expect(answer.headers.get('stripe-version')).toBe('2026-07-29.preview');
    const wrong = await raw('GET', '/v1/customers', { headers: { 'stripe-version': 'newest' } });
    expect([wrong.status, wrong.error?.message]).toEqual([400, 'Invalid Stripe API version: newest']);
  });

  it('a parameter that a version has dropped is refused from then on', async () => {
    const body = 'amount=100&currency=usd&payment_method_types[]=card';
    const by = (version: string) =>
      raw('POST', '/v1/payment_intents', { body, headers: { 'stripe-version': version } });
    expect((await by('2026-08-26.dahlia')).document.payment_method_types).toEqual(['card']);
    expect((await by('2026-09-30.endive')).error).toMatchObject({
      code: 'parameter_unknown',
      param: 'payment_method_types',
    });
  });

  it('an account that is connected is not there', async () => {
    expect(await raw('GET', '/v1/customers', { headers: { 'stripe-account': 'acct_1' } })).toMatchObject({
      ...{ status: 403, error: { code: 'account_invalid' } },
    });
  });
});

describe('requests', () => {
  it.each(['GET /v1/unicorns', 'DELETE /v1/payment_intents/pi_1', 'POST /v2/core/accounts'])(
    '%s is not recognized',
    async (line) => {
      const [method = '', path = ''] = line.split(' ');
      const answer = await raw(method, path);
      expect(answer.status).toBe(404);
      expect(answer.error?.message).toContain(`Unrecognized request URL (${method}: ${path})`);
    },
  );

  it.each([
    ['amount=100&currency=usd&colour=red', 'parameter_unknown', 'colour'],
    ['amount=100&currency=usd&hooks[inputs][tax][rate]=7', 'parameter_unknown', 'hooks[inputs][tax][rate]'],
    ['amount=100', 'parameter_missing', 'currency'],
    ['amount=1.5&currency=usd', 'parameter_invalid_integer', 'amount'],
    ['amount=-5&currency=usd', 'parameter_invalid_integer', 'amount'],
    ['amount=&currency=usd', 'parameter_invalid_empty', 'amount'],
    ['amount=100&currency=usd&confirm=yes', undefined, 'confirm'],
    ['amount=100&currency=xyz', undefined, 'currency'],
    ['amount=100&currency=usd&capture_method=never', undefined, 'capture_method'],
    ['amount=100&currency=usd&metadata=text', undefined, 'metadata'],
    ['amount=100&currency=usd&metadata[a][b]=1', undefined, 'metadata[a]'],
    ['amount=100&currency=usd&allowed_payment_method_types=card', undefined, 'allowed_payment_method_types'],
    ['amount=100&currency=usd&allowed_payment_method_types[1]=card', undefined, 'allowed_payment_method_types[1]'],
    ['amount[value]=100&currency=usd', undefined, 'amount'],
    ['amount=100&amount=200&currency=usd', undefined, 'amount'],
    ['amount=100&currency=usd&description[a=1', undefined, 'description[a'],
    [`amount=100&currency=usd&metadata[${'k'.repeat(41)}]=1`, undefined, `metadata[${'k'.repeat(41)}]`],
    ['amount=100&currency=usd&__proto__[x]=1', 'parameter_unknown', '__proto__'],
  ])('the parameters %s are refused', async (body, code, param) => {
    const { status, error } = await raw('POST', '/v1/payment_intents', { body });
    expect(status).toBe(400);
    expect([error?.type, error?.code, error?.param]).toEqual(['invalid_request_error', code, param]);
  });

  it('several unknown parameters are named together', async () => {
    const { error } = await raw('POST', '/v1/customers', { body: 'a=1&b=2' });
    expect(error?.message).toBe('Received unknown parameters: a, b');
  });

  it('JSON is not taken for a form', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await raw('POST', '/v1/customers', { body: '{"email":"a@b.test"}', headers });
    expect(answer.status).toBe(400);
    expect(answer.error?.message).toContain('application/x-www-form-urlencoded');
  });

  it('lists are read with and without indexes', async () => {
    const body =
      'amount=100&currency=usd&allowed_payment_method_types[]=card&allowed_payment_method_types[]=us_bank_account';
    const { document } = await raw('POST', '/v1/payment_intents', { body });
    expect(document.payment_method_types).toEqual(['card', 'us_bank_account']);
  });

  it('a missing object is 404 in the path and 400 in a parameter', async () => {
    expect(await refusalOf(stripe.charges.retrieve('ch_1'))).toMatchObject({
      ...{ statusCode: 404, code: 'resource_missing', message: "No such charge: 'ch_1'", param: 'id' },
    });
    expect(await refusalOf(stripe.refunds.create({ charge: 'ch_1' }))).toMatchObject({
      statusCode: 400,
      param: 'charge',
    });
  });

  it('expand replaces ids, and refuses what cannot be expanded', async () => {
    const customer = await stripe.customers.create({ name: 'Ada' });
    const params = { amount: 500, currency: 'usd', customer: customer.id };
    const intent = await stripe.paymentIntents.create({ ...params, expand: ['customer'] });
    expect(intent.customer).toMatchObject({ id: customer.id, name: 'Ada' });
    const list = await stripe.paymentIntents.list({ customer: customer.id, expand: ['data.customer'] });
    expect(list.data[0]?.customer).toMatchObject({ name: 'Ada' });
    for (const path of ['unicorn', 'amount']) {
      const error = await refusalOf(stripe.paymentIntents.retrieve(intent.id, { expand: [path] }));
      expect(error.message).toBe(`This property cannot be expanded (${path}).`);
    }
  });

  it('pages follow each other in both directions and end', async () => {
    const email = 'pages@test.test';
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.unshift((await stripe.customers.create({ email })).id);
    const first = await stripe.customers.list({ email, limit: 2 });
    expect([first.data.map(({ id }) => id), first.has_more, first.url]).toEqual([
      made.slice(0, 2),
      true,
      '/v1/customers',
    ]);
    const rest = await stripe.customers.list({ email, starting_after: made[1] ?? '' });
    expect([rest.data.map(({ id }) => id), rest.has_more]).toEqual([made.slice(2), false]);
    const before = await stripe.customers.list({ email, limit: 2, ending_before: made[3] ?? '' });
    expect([before.data.map(({ id }) => id), before.has_more]).toEqual([made.slice(1, 3), true]);
    const all = await stripe.customers.list({ email, limit: 2 }).autoPagingToArray({ limit: 100 });
    expect(all.map(({ id }) => id)).toEqual(made);
    expect(await refusalOf(stripe.customers.list({ limit: 101 }))).toMatchObject({ param: 'limit' });
    expect(await refusalOf(stripe.customers.list({ starting_after: 'cus_1' }))).toMatchObject({
      param: 'starting_after',
    });
  });

  it('the SDK sees them as errors of its own kinds', async () => {
    const place = { host: '127.0.0.1', port: double.port, protocol: 'http' as const };
    const stranger = new Stripe('sk_live_no', place);
    expect(await refusalOf(stranger.customers.list())).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
    expect(await refusalOf(stripe.customers.retrieve('cus_1'))).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
  });

  it('are all kept as they came', async () => {
    const before = double.requests.length;
    await stripe.customers.create({ email: 'log@test.test' }, { idempotencyKey: 'log-1' });
    expect(double.requests.slice(before)).toMatchObject([
      {
        ...{ method: 'POST', path: '/v1/customers', body: 'email=log%40test.test', idempotencyKey: 'log-1' },
        ...{ status: 200, executed: true, replayed: false },
      },
    ]);
    expect(JSON.stringify(double.requests)).not.toContain('sk_test_double');
  });
});
