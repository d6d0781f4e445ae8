import { askStripe, loadMppx, type Mppx, mppxStripe } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GatewayProcess } from '../gateway-harness.ts';
import { openPricedStage, type PricedStage, SECRET_KEY, soldAt } from '../priced-stage-harness.ts';

let priced: PricedStage;
let gateway: GatewayProcess;
let mppx: Mppx;

beforeAll(async () => {
  mppx = await loadMppx();
  priced = await openPricedStage();
  const tax = { code: 'txcd_10103001', headOffice: { country: 'DE', state: null, postalCode: null } };
  const wallets = priced.wallets.map((wallet) =>
    wallet.kind === 'stripe' ? { ...wallet, tax, statementSuffix: 'LLM' } : wallet,
  );
  await priced.publish(soldAt(1_190_000_000n), { wallets });
  gateway = await priced.startGateway('one');
});
afterAll(() => priced?.close());

async function pay(): Promise<Response> {
  const { stripe } = priced;
  const method = mppxStripe(mppx, { url: stripe.url, secretKey: SECRET_KEY, paymentMethod: 'pm_card_visa' });
  const client = mppx.client.Mppx.create({ polyfill: false, methods: [method] });
  return client.fetch(`${gateway.url}/acme/llm/weather?city=Porto`);
}

type Intent = {
  id: string;
  description: string;
  metadata: Record<string, string>;
  statement_descriptor_suffix: string;
};

async function newestIntent(): Promise<Intent> {
  const { data } = await askStripe({ url: priced.stripe.url, secretKey: SECRET_KEY }, '/v1/payment_intents?limit=1');
  return (data as [Intent])[0];
}

/** The record of a settled payment, as gateways shipped it. */
const settled = async (transaction: string) =>
  (await priced.stage.payments()).find((record) => record.state === 'settled' && record.transaction === transaction);

describe('a payment by a shared payment token', () => {
  it('says at Stripe what it is for and which tax is in it', async () => {
    expect((await pay()).status).toBe(200);
    const intent = await newestIntent();
    expect(intent).toMatchObject({ description: 'acme/llm: GET /weather', statement_descriptor_suffix: 'LLM' });
    expect(intent.metadata).toMatchObject({
      ...{ tollwright_payment: expect.stringMatching(/^pay_/), tollwright_request: expect.any(String) },
      ...{ tollwright_api: expect.any(String), tollwright_route: expect.any(String) },
      ...{ tollwright_operation: 'getWeather', mpp_challenge_id: expect.any(String), tollwright_tax_amount: '19' },
      tollwright_receipt: expect.stringContaining('/console/acme/payments?payment=pay_'),
    });
    expect(JSON.stringify(intent.metadata)).not.toMatch(/spt_|sk_test|tw_/);
  });

  it('has its tax in its record', async () => {
    await pay();
    const { id, metadata } = await newestIntent();
    await expect
      .poll(() => settled(id))
      .toMatchObject({
        tax: { kind: 'calculated', amountAtomic: '19', calculation: metadata.tollwright_tax },
      });
  });

  it('is settled without it while Stripe Tax is away, and its record says so', async () => {
    priced.stripe.faults.add({ act: 'error', when: 'before', status: 500, count: 1, path: '^/v1/tax/calculations$' });
    expect((await pay()).status).toBe(200);
    const { id, metadata } = await newestIntent();
    expect(metadata).toMatchObject({ tollwright_tax_missing: 'stripe_api_error' });
    await expect.poll(() => settled(id)).toMatchObject({ tax: { kind: 'missing', reason: 'stripe_api_error' } });
  });
});
