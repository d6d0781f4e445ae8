import { describe, expect, it } from 'vitest';
import { openDouble, refusalOf } from './double-harness.ts';

const { stripe, double, control } = await openDouble();
const urls = { success_url: 'https://shop.test/done?session={CHECKOUT_SESSION_ID}', cancel_url: 'https://shop.test/' };
const line = (unit_amount: number, quantity = 1) => ({
  ...{ quantity, price_data: { currency: 'usd', unit_amount, product_data: { name: 'Credits & calls' } } },
});
const open = (rest: object = {}) =>
  stripe.checkout.sessions.create({ mode: 'payment', line_items: [line(500, 2)], ...urls, ...rest });
const press = async (url: string | null, form: Record<string, string>) => {
  const answer = await fetch(url ?? '', { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
  return { status: answer.status, location: answer.headers.get('location'), html: await answer.text() };
};

describe('checkout sessions', () => {
  it('are paid on their page, as a browser does it', async () => {
    const session = await open({ metadata: { order: '7' }, payment_intent_data: { metadata: { order: '7' } } });
    expect(session).toMatchObject({ status: 'open', amount_total: 1000, currency: 'usd', payment_status: 'unpaid' });
    const page = await fetch(session.url ?? '');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const html = await page.text();
    expect(html).toContain('Credits &#38; calls × 2: $10.00 usd');
    expect(html).toContain('<button type="submit">Pay</button>');
    const done = await press(session.url, { email: 'ada@test.test', country: 'DE', method: 'pm_card_visa' });
    expect([done.status, done.location]).toEqual([303, `https://shop.test/done?session=${session.id}`]);
    const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent', 'line_items'] });
    expect(paid).toMatchObject({
      ...{ status: 'complete', payment_status: 'paid', url: null },
      customer_details: { email: 'ada@test.test', address: { country: 'DE' } },
      payment_intent: { status: 'succeeded', amount_received: 1000, metadata: { order: '7' } },
    });
    expect(paid.line_items?.data[0]).toMatchObject({ amount_total: 1000, quantity: 2 });
    const [event] = (await stripe.events.list({ type: 'checkout.session.completed' })).data;
    expect(event?.data.object).toMatchObject({ id: session.id, payment_status: 'paid' });
  });

  it('add the tax of the country where they are told to', async () => {
    const session = await open({ automatic_tax: { enabled: true } });
    await press(session.url, { method: 'pm_card_chargeDeclined', country: 'US' });
    await press(session.url, { method: 'pm_card_visa', country: 'DE' });
    expect(await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })).toMatchObject({
      ...{ amount_subtotal: 1000, amount_total: 1190, total_details: { amount_tax: 190 } },
      payment_intent: { amount_received: 1190 },
    });
  });

  it('show a decline and can be paid with another card', async () => {
    const session = await open();
    const declined = await press(session.url, { method: 'pm_card_chargeDeclined' });
    expect([declined.status, declined.html]).toEqual([402, expect.stringContaining('Your card was declined.')]);
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open' });
    expect((await press(session.url, { method: 'pm_card_visa' })).status).toBe(303);
  });

  it('send people to their bank and back', async () => {
    const session = await open();
    const asked = await press(session.url, { method: 'pm_card_authenticationRequired' });
    expect(asked.location).toContain('/authenticate/pi_');
    const failed = await press(asked.location, { result: 'failed' });
    expect(await (await fetch(failed.location ?? '')).text()).toContain('unable to authenticate');
    const asked2 = await press(session.url, { method: 'pm_card_authenticationRequired' });
    const passed = await press(asked2.location, { result: 'passed' });
    const back = await fetch(passed.location ?? '', { redirect: 'manual' });
    expect(back.headers.get('location')).toBe(`https://shop.test/done?session=${session.id}`);
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'complete' });
  });

  it('are complete and unpaid while a bank takes its time', async () => {
    const session = await open({ allowed_payment_method_types: ['card', 'us_bank_account'] });
    await press(session.url, { method: 'pm_usBankAccount_success' });
    const waiting = await stripe.checkout.sessions.retrieve(session.id);
    expect(waiting).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
    double.advance(5_000);
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: 'paid' });
    const types = (await stripe.events.list({ limit: 2 })).data.map(({ type }) => type);
    expect(types).toContain('checkout.session.async_payment_succeeded');
  });

  it('save a method for later', async () => {
    const customer = await stripe.customers.create();
    const session = await stripe.checkout.sessions.create({
      mode: 'setup',
      currency: 'usd',
      customer: customer.id,
      ...urls,
    });
    await press(session.url, { method: 'pm_card_visa' });
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['setup_intent'] });
    expect(done).toMatchObject({ status: 'complete', setup_intent: { status: 'succeeded', customer: customer.id } });
    expect((await stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(1);
  });

  it('make a customer when they are told to', async () => {
    const session = await open({ customer_creation: 'always', customer_email: 'bob@test.test' });
    await press(session.url, { method: 'pm_card_visa' });
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['customer'] });
    expect(done.customer).toMatchObject({ email: 'bob@test.test' });
  });

  it('expire by hand and by the clock', async () => {
    const [first, second] = [await open(), await open()];
    expect(await stripe.checkout.sessions.expire(first.id)).toMatchObject({ status: 'expired', url: null });
    expect(await refusalOf(stripe.checkout.sessions.expire(first.id))).toMatchObject({ statusCode: 400 });
    expect((await press(first.url, { method: 'pm_card_visa' })).status).toBe(410);
    double.advance(86_400_000);
    expect(await stripe.checkout.sessions.retrieve(second.id)).toMatchObject({ status: 'expired' });
    expect((await stripe.checkout.sessions.list({ status: 'open' })).data).toEqual([]);
  });

  it.each([
    [{ mode: 'payment', ...urls }, 'line_items'],
    [{ mode: 'payment', line_items: [line(500)] }, 'success_url'],
    [{ mode: 'gift', ...urls }, 'mode'],
    [{ mode: 'setup', line_items: [line(500)], ...urls }, 'line_items'],
    [
      { mode: 'subscription', line_items: [line(500)], payment_intent_data: { description: 'x' }, ...urls },
      'payment_intent_data',
    ],
    [{ mode: 'payment', line_items: [{ price: 'price_1' }], ...urls }, 'line_items[0][price]'],
    [{ mode: 'payment', line_items: [line(500)], expires_at: 5, ...urls }, 'expires_at'],
    [{ mode: 'payment', line_items: [line(10)], ...urls }, 'amount'],
  ])('refuse %j', async (params, param) => {
    const call = stripe.rawRequest('POST', '/v1/checkout/sessions', params);
    expect(await refusalOf(call)).toMatchObject({ statusCode: 400, param });
  });
});

describe('the billing portal', () => {
  it('has a page for a customer, with the way back', async () => {
    const customer = await stripe.customers.create({ email: 'ada@test.test', payment_method: 'pm_card_visa' });
    const session = await stripe.billingPortal.sessions.create({
      customer: customer.id,
      return_url: 'https://shop.test/',
    });
    const html = await (await fetch(session.url)).text();
    for (const part of ['ada@test.test', 'visa 4242', 'href="https://shop.test/"']) expect(html).toContain(part);
    expect(await refusalOf(stripe.billingPortal.sessions.create({ customer: 'cus_1' }))).toMatchObject({
      param: 'customer',
    });
    expect((await fetch(`${double.url}/portal/none`)).status).toBe(404);
    expect(await control('GET', '/health')).toEqual({ status: 'ok' });
  });
});
