import type { StripeTax } from '@tollwright/contracts';
import { type StripeDouble, startStripeDouble } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chargeToken } from './charge-token.ts';
import { type StripeClient, StripeClients } from './clients.ts';
import { dashboardUrl } from './dashboard-url.ts';
import { findCharge } from './find-charge.ts';
import { sharedPaymentVersion } from './granted-token.ts';
import { calculateTax } from './tax.ts';

const terms: StripeTax = {
  code: 'txcd_10103001',
  headOffice: { country: 'FR', state: null, postalCode: null },
};
let double: StripeDouble;
let client: StripeClient;
let made = 0;

beforeAll(async () => {
  double = await startStripeDouble({ port: 0 });
  client = new StripeClients({ url: double.url, timeoutMs: 4_000 }).of('sk_test_a');
});
afterAll(() => double.close());

type Address = { readonly country: string; readonly state?: string };

/** A token of somebody who is billed at an address, or whose card is all that is known. */
async function tokenAt(address: Address | null): Promise<string> {
  const { id: card } = await client.paymentMethods.create({
    type: 'card',
    card: { token: 'tok_visa' },
    ...(address === null ? {} : { billing_details: { address } }),
  });
  const limits = { currency: 'usd', max_amount: 1_190, expires_at: Math.floor(Date.now() / 1_000) + 300 };
  const form = { payment_method: card, usage_limits: limits, seller_details: { network_id: 'profile_a' } };
  const path = '/v1/test_helpers/shared_payment/granted_tokens';
  return ((await client.rawRequest('POST', path, form, { apiVersion: sharedPaymentVersion })) as { id: string }).id;
}

async function wantedAt(address: Address | null) {
  made += 1;
  const charge = { token: await tokenAt(address), amountMinor: 1_190n, currency: 'usd' };
  return { ...charge, terms, reference: `pay_${made}`, idempotencyKey: `tax_${made}` };
}

const fail = (path: string) => double.faults.add({ act: 'error', when: 'before', status: 500, count: 1, path });

describe('the tax in an amount', () => {
  it.each([
    ['where its payer is billed', { country: 'DE' }, '190'],
    ['in a state of the United States', { country: 'US', state: 'NY' }, '46'],
    ['at the head office, where the card says too little', null, '198'],
  ])('is calculated %s', async (_where, address, amountAtomic) => {
    const tax = await calculateTax(client, await wantedAt(address));
    expect(tax).toMatchObject({ kind: 'calculated', amountAtomic });
  });

  it('is calculated once for its key', async () => {
    const wanted = await wantedAt({ country: 'DE' });
    expect(await calculateTax(client, wanted)).toEqual(await calculateTax(client, wanted));
  });

  it.each(['^/v1/tax/calculations$', '^/v1/shared_payment/'])(
    'is missing while %s fails, and says why',
    async (path) => {
      const wanted = await wantedAt({ country: 'DE' });
      fail(path);
      expect(await calculateTax(client, wanted)).toEqual({ kind: 'missing', reason: 'stripe_api_error' });
    },
  );
});

describe('a charge with tax', () => {
  const orderOf = async () => {
    const { reference, idempotencyKey, ...wanted } = await wantedAt({ country: 'DE' });
    const tax = await calculateTax(client, { ...wanted, reference, idempotencyKey });
    const { terms: _, ...charge } = wanted;
    return { ...charge, idempotencyKey: `mpp_${made}`, metadata: { call: reference }, tax };
  };
  const find = (call: string) =>
    findCharge(client, {
      ...{ transaction: null, metadata: { name: 'call', value: call } },
      ...{ sinceMs: Date.now() - 60_000, untilMs: Date.now() + 60_000 },
    });

  it('is booked at Stripe with its tax, says what it is for, and is found again with both', async () => {
    const order = { ...(await orderOf()), description: 'acme/llm: GET /weather', statementSuffix: 'LLM' };
    const outcome = await chargeToken(client, order);
    if (outcome.kind !== 'settled') throw new Error(outcome.reason);
    expect(outcome.tax).toEqual(order.tax);
    expect(await client.paymentIntents.retrieve(outcome.transaction)).toMatchObject({
      ...{ description: 'acme/llm: GET /weather', statement_descriptor_suffix: 'LLM', amount: 1_190 },
      metadata: { call: order.metadata.call, tollwright_tax_amount: '190' },
    });
    const association = await client.tax.associations.find({ payment_intent: outcome.transaction });
    expect(association).toMatchObject({
      calculation: order.tax.kind === 'calculated' && order.tax.calculation,
      tax_transaction_attempts: [{ source: outcome.transaction, status: 'committed' }],
    });
    expect(await find(order.metadata.call)).toEqual(outcome);
  });

  it('is made without it where Stripe does not know the calculation: once, and says so', async () => {
    const order = await orderOf();
    const unknown = { kind: 'calculated', amountAtomic: '190', calculation: 'taxcalc_none' } as const;
    const outcome = await chargeToken(client, { ...order, tax: unknown });
    expect(outcome).toMatchObject({ kind: 'settled', tax: { kind: 'missing', reason: 'stripe_resource_missing' } });
    expect(await find(order.metadata.call)).toEqual(outcome);
  });

  it('whose token is refused is not tried again', async () => {
    const order = await orderOf();
    const before = double.requests.length;
    expect(await chargeToken(client, { ...order, token: 'spt_none' })).toMatchObject({ kind: 'failed' });
    expect(double.requests.length).toBe(before + 1);
  });
});

describe('the page of', () => {
  it.each([
    ['pi_1', true, 'https://dashboard.stripe.com/payments/pi_1'],
    ['pi_1', false, 'https://dashboard.stripe.com/test/payments/pi_1'],
    ['re_1', false, 'https://dashboard.stripe.com/test/refunds/re_1'],
    ['0x1', true, null],
    ['pi_1/../x', true, null],
  ])('%s, live %s', (id, livemode, url) => {
    expect(dashboardUrl(id, livemode)).toBe(url);
  });
});
