import { describe, expect, it } from 'vitest';
import { openDouble, refusalOf } from './double-harness.ts';

const { stripe, control, double } = await openDouble();
const base = { amount: 1500, currency: 'usd', confirm: true } as const;
const noRedirects = { automatic_payment_methods: { enabled: true, allow_redirects: 'never' } } as const;

describe('payment intents', () => {
  it('succeed with a good card, and charge it', async () => {
    const intent = await stripe.paymentIntents.create({
      ...base,
      ...noRedirects,
      payment_method: 'pm_card_visa',
      metadata: { order: '7' },
      expand: ['latest_charge.balance_transaction', 'payment_method'],
    });
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 1500, metadata: { order: '7' } });
    expect(intent.latest_charge).toMatchObject({
      ...{ object: 'charge', amount: 1500, paid: true, captured: true, payment_intent: intent.id },
      balance_transaction: { amount: 1500, fee: 74, net: 1426 },
    });
    expect(intent.payment_method).toMatchObject({ object: 'payment_method', card: { brand: 'visa', last4: '4242' } });
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({ id: intent.id, status: 'succeeded' });
  });

  it('are left without a method by a decline, which says why', async () => {
    const error = await refusalOf(
      stripe.paymentIntents.create({ ...base, ...noRedirects, payment_method: 'pm_card_chargeDeclined' }),
    );
    expect(error).toMatchObject({
      ...{ type: 'StripeCardError', statusCode: 402, code: 'card_declined', decline_code: 'generic_decline' },
      message: 'Your card was declined.',
      payment_intent: { status: 'requires_payment_method', payment_method: null },
    });
    const intent = await stripe.paymentIntents.retrieve(error.payment_intent?.id ?? '', { expand: ['latest_charge'] });
    expect(intent.latest_charge).toMatchObject({ status: 'failed', failure_code: 'card_declined', paid: false });
    expect(intent.last_payment_error).toMatchObject({ code: 'card_declined', charge: error.charge });
    const again = await stripe.paymentIntents.confirm(intent.id, {
      payment_method: 'pm_card_visa',
      return_url: 'https://a.test',
    });
    expect(again.status).toBe('succeeded');
  });

  it.each([
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
  ])('name the decline of %s', async (payment_method, code, decline_code) => {
    const error = await refusalOf(stripe.paymentIntents.create({ ...base, ...noRedirects, payment_method }));
    expect(error).toMatchObject({ code, decline_code });
  });

  it('wait for 3-D Secure on session, and go on after it', async () => {
    const create = () =>
      stripe.paymentIntents.create({
        ...base,
        payment_method: 'pm_card_authenticationRequired',
        return_url: 'https://shop.test/back',
      });
    const intent = await create();
    expect(intent).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } });
    const { url = '' } = intent.next_action?.redirect_to_url ?? {};
    const page = await fetch(url ?? '');
    expect(await page.text()).toContain('Complete authentication');
    const body = new URLSearchParams({ result: 'passed' });
    const back = await fetch(url ?? '', { method: 'POST', body, redirect: 'manual' });
    expect(back.headers.get('location')).toBe('https://shop.test/back');
    const paid = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] });
    expect(paid).toMatchObject({
      status: 'succeeded',
      next_action: null,
      latest_charge: { payment_method_details: { card: { three_d_secure: { result: 'authenticated' } } } },
    });
    const failed = await create();
    await control('POST', `/payment_intents/${failed.id}/authenticate`, { outcome: 'failed' });
    expect(await stripe.paymentIntents.retrieve(failed.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
  });

  it('fail off session where the payer would have to act', async () => {
    const customer = await stripe.customers.create();
    const method = await stripe.paymentMethods.attach('pm_card_authenticationRequired', { customer: customer.id });
    const error = await refusalOf(
      stripe.paymentIntents.create({ ...base, customer: customer.id, payment_method: method.id, off_session: true }),
    );
    expect(error).toMatchObject({ statusCode: 402, code: 'authentication_required' });
  });

  it('process a bank debit until the clock says otherwise', async () => {
    const create = (payment_method: string) =>
      stripe.paymentIntents.create({ ...base, ...noRedirects, payment_method });
    const good = await create('pm_usBankAccount_success');
    const bad = await create('pm_usBankAccount_insufficientFunds');
    const open = await create('pm_usBankAccount_processing');
    expect([good.status, bad.status, open.status]).toEqual(['processing', 'processing', 'processing']);
    double.advance(5_000);
    const statusOf = async ({ id }: { id: string }) => (await stripe.paymentIntents.retrieve(id)).status;
    expect([await statusOf(good), await statusOf(bad), await statusOf(open)]).toEqual([
      'succeeded',
      'requires_payment_method',
      'processing',
    ]);
    await control('POST', `/payment_intents/${open.id}/settle`, { outcome: 'succeeded' });
    expect(await statusOf(open)).toBe('succeeded');
  });

  it('can be made first and confirmed later, changed before, and cancelled', async () => {
    const intent = await stripe.paymentIntents.create({ amount: 900, currency: 'usd' });
    expect(intent.status).toBe('requires_payment_method');
    await stripe.paymentIntents.update(intent.id, { amount: 1000, metadata: { a: '1' } });
    const paid = await stripe.paymentIntents.confirm(intent.id, {
      payment_method: 'pm_card_visa',
      return_url: 'https://a.test',
    });
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 1000, metadata: { a: '1' } });
    expect(await refusalOf(stripe.paymentIntents.confirm(intent.id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
    expect(await refusalOf(stripe.paymentIntents.cancel(intent.id))).toMatchObject({ statusCode: 400 });
    const other = await stripe.paymentIntents.create({ amount: 900, currency: 'usd' });
    expect(await stripe.paymentIntents.cancel(other.id, { cancellation_reason: 'abandoned' })).toMatchObject({
      ...{ status: 'canceled', cancellation_reason: 'abandoned' },
    });
  });

  it('can be held and captured in part, or let go', async () => {
    const create = () =>
      stripe.paymentIntents.create({
        ...base,
        ...noRedirects,
        payment_method: 'pm_card_visa',
        capture_method: 'manual',
      });
    const held = await create();
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 1500, amount_received: 0 });
    expect(await refusalOf(stripe.refunds.create({ charge: String(held.latest_charge) }))).toMatchObject({
      statusCode: 400,
    });
    const tooMuch = stripe.paymentIntents.capture(held.id, { amount_to_capture: 1501 });
    expect(await refusalOf(tooMuch)).toMatchObject({ param: 'amount_to_capture' });
    const captured = await stripe.paymentIntents.capture(held.id, {
      amount_to_capture: 700,
      expand: ['latest_charge'],
    });
    expect(captured).toMatchObject({ status: 'succeeded', amount_received: 700, amount_capturable: 0 });
    expect(captured.latest_charge).toMatchObject({ amount: 1500, amount_captured: 700, captured: true });
    expect(await stripe.refunds.create({ payment_intent: held.id })).toMatchObject({ amount: 700 });
    expect(await refusalOf(stripe.paymentIntents.capture(held.id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
    const dropped = await create();
    await stripe.paymentIntents.cancel(dropped.id);
    expect(await stripe.charges.retrieve(String(dropped.latest_charge))).toMatchObject({
      captured: false,
      refunded: true,
    });
    const forgotten = await create();
    double.advance(7 * 86_400_000);
    expect(await stripe.paymentIntents.retrieve(forgotten.id)).toMatchObject({
      ...{ status: 'canceled', cancellation_reason: 'automatic' },
    });
  });

  it('are found by metadata and status, and listed by customer', async () => {
    const customer = await stripe.customers.create();
    const make = (run: string) =>
      stripe.paymentIntents.create({ amount: 700, currency: 'usd', customer: customer.id, metadata: { run } });
    const [first, second] = [await make('x-1'), await make('x-2')];
    const found = await stripe.paymentIntents.search({
      query: "metadata['run']:'x-1' AND status:'requires_payment_method'",
    });
    expect(found.data.map((intent) => intent.id)).toEqual([first.id]);
    const either = await stripe.paymentIntents.search({ query: `metadata["run"]:"x-1" OR metadata["run"]:"x-2"` });
    expect(either.data).toHaveLength(2);
    for (const query of ['what', "colour:'red'", "status:'a' AND status:'b' OR status:'c'"]) {
      expect(await refusalOf(stripe.paymentIntents.search({ query }))).toMatchObject({ param: 'query' });
    }
    const listed = await stripe.paymentIntents.list({ customer: customer.id });
    expect(listed.data.map((intent) => intent.id)).toEqual([second.id, first.id]);
    await control('POST', '/settings', { searchLagMs: 60_000 });
    const late = await make('x-3');
    const query = { query: `metadata['run']:'x-3'` };
    expect((await stripe.paymentIntents.search(query)).data).toEqual([]);
    double.advance(61_000);
    expect((await stripe.paymentIntents.search(query)).data.map((intent) => intent.id)).toEqual([late.id]);
    await control('POST', '/settings', { searchLagMs: 0 });
  });

  it.each([
    [{ amount: 49, currency: 'usd' }, 'amount_too_small', 'amount'],
    [{ amount: 100_000_000, currency: 'usd' }, 'amount_too_large', 'amount'],
    [{ amount: 100, currency: 'usd', payment_method: 'pm_nobody' }, 'resource_missing', 'payment_method'],
    [{ amount: 100, currency: 'usd', customer: 'cus_nobody' }, 'resource_missing', 'customer'],
  ])('refuse %j', async (params, code, param) => {
    expect(await refusalOf(stripe.paymentIntents.create(params))).toMatchObject({ statusCode: 400, code, param });
  });

  it('that are refused leave nothing behind, and those that are declined do', async () => {
    const customer = await stripe.customers.create();
    const create = (payment_method: string) =>
      stripe.paymentIntents.create({
        ...{ amount: 900, currency: 'usd', confirm: true, customer: customer.id, payment_method },
        allowed_payment_method_types: ['card'],
      });
    expect((await refusalOf(create('pm_usBankAccount_success'))).message).toContain('is not allowed for this');
    expect((await stripe.paymentIntents.list({ customer: customer.id })).data).toEqual([]);
    expect(await refusalOf(create('pm_card_chargeDeclined'))).toMatchObject({ statusCode: 402 });
    expect((await stripe.paymentIntents.list({ customer: customer.id })).data).toHaveLength(1);
  });

  it('want a return_url where methods may redirect, and the customer whose method it is', async () => {
    const params = { ...base, payment_method: 'pm_card_visa' };
    expect(await refusalOf(stripe.paymentIntents.create(params))).toMatchObject({ param: 'return_url' });
    const customer = await stripe.customers.create({ payment_method: 'pm_card_visa' });
    const [method] = (await stripe.customers.listPaymentMethods(customer.id)).data;
    const stolen = stripe.paymentIntents.create({ ...base, ...noRedirects, payment_method: method?.id ?? '' });
    expect((await refusalOf(stolen)).message).toContain('belongs to the Customer');
  });
});
