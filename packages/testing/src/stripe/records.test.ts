import { describe, expect, it } from 'vitest';
import { openDouble, refusalOf } from './double-harness.ts';

const { stripe, control, double } = await openDouble();
const paid = (payment_method = 'pm_card_visa', amount = 1000) =>
  stripe.paymentIntents.create({
    ...{ amount, currency: 'usd', confirm: true, payment_method },
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  });

describe('customers and their methods', () => {
  it('are made, changed, listed and removed', async () => {
    const customer = await stripe.customers.create({ email: 'ada@test.test', metadata: { a: '1', b: '2' } });
    const changed = await stripe.customers.update(customer.id, {
      ...{ name: 'Ada', email: '', metadata: { b: '', c: '3' } },
      address: { country: 'DE', city: 'Berlin' },
    });
    expect(changed).toMatchObject({ name: 'Ada', email: null, metadata: { a: '1', c: '3' } });
    expect(changed.metadata).not.toHaveProperty('b');
    expect(changed.address).toMatchObject({ country: 'DE', line1: null });
    expect((await stripe.customers.list({ limit: 1 })).data[0]?.id).toBe(customer.id);
    expect(await stripe.customers.del(customer.id)).toEqual({ id: customer.id, object: 'customer', deleted: true });
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ id: customer.id, deleted: true });
    expect(await refusalOf(stripe.customers.update(customer.id, { name: 'B' }))).toMatchObject({ statusCode: 404 });
    expect(await refusalOf(stripe.customers.retrieve('cus_1'))).toMatchObject({ statusCode: 404 });
  });

  it('own what is attached to them, alone', async () => {
    const [ada, bob] = [await stripe.customers.create(), await stripe.customers.create()];
    const method = await stripe.paymentMethods.attach('pm_card_mastercard', { customer: ada.id });
    expect(method).toMatchObject({ customer: ada.id, card: { brand: 'mastercard', last4: '4444' } });
    const taken = stripe.paymentMethods.attach(method.id, { customer: bob.id });
    expect((await refusalOf(taken)).message).toContain('already been attached');
    expect((await stripe.paymentMethods.list({ customer: ada.id })).data).toHaveLength(1);
    expect(await stripe.paymentMethods.detach(method.id)).toMatchObject({ customer: null });
    const declined = stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer: ada.id });
    expect(await refusalOf(declined)).toMatchObject({ statusCode: 402, code: 'card_declined' });
  });

  it('can be made of tokens and of test bank accounts', async () => {
    const card = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
    expect(card).toMatchObject({ type: 'card', card: { last4: '4242' } });
    const numbers = { account_number: '000222222227', routing_number: '110000000' };
    const account = { account_holder_type: 'individual' as const, ...numbers };
    const bank = await stripe.paymentMethods.create({ type: 'us_bank_account', us_bank_account: account });
    expect(await paid(bank.id)).toMatchObject({ status: 'processing' });
  });
});

describe('setup intents', () => {
  it('save a method for payments off session', async () => {
    const customer = await stripe.customers.create();
    const intent = await stripe.setupIntents.create({
      ...{ customer: customer.id, confirm: true, payment_method: 'pm_card_authenticationRequiredOnSetup' },
      ...{ usage: 'off_session', return_url: 'https://shop.test' },
    });
    expect(intent).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } });
    await control('POST', `/setup_intents/${intent.id}/authenticate`, { outcome: 'succeeded' });
    const done = await stripe.setupIntents.retrieve(intent.id, { expand: ['payment_method'] });
    expect(done).toMatchObject({ status: 'succeeded', payment_method: { customer: customer.id } });
    const method = done.payment_method as { id: string };
    const payment = await stripe.paymentIntents.create({
      ...{ amount: 700, currency: 'usd', customer: customer.id, payment_method: method.id },
      ...{ off_session: true, confirm: true },
    });
    expect(payment.status).toBe('succeeded');
  });

  it('say why a card was not saved, and take another one', async () => {
    const intent = await stripe.setupIntents.create({ payment_method: 'pm_card_chargeDeclined' });
    expect(intent.status).toBe('requires_confirmation');
    expect(await refusalOf(stripe.setupIntents.confirm(intent.id))).toMatchObject({
      ...{ code: 'card_declined', setup_intent: { status: 'requires_payment_method' } },
    });
    const saved = await stripe.setupIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
    expect(saved.status).toBe('succeeded');
    expect(await refusalOf(stripe.setupIntents.cancel(intent.id))).toMatchObject({
      code: 'setup_intent_unexpected_state',
    });
  });
});

describe('refunds', () => {
  it('never come to more than the charge', async () => {
    const intent = await paid();
    const first = await stripe.refunds.create({ payment_intent: intent.id, amount: 400, metadata: { why: 'test' } });
    expect(first).toMatchObject({
      amount: 400,
      status: 'succeeded',
      metadata: { why: 'test' },
      charge: intent.latest_charge,
    });
    const tooMuch = stripe.refunds.create({ payment_intent: intent.id, amount: 601 });
    expect((await refusalOf(tooMuch)).message).toBe(
      'Refund amount ($6.01 usd) is greater than unrefunded amount on charge ($6.00 usd)',
    );
    const rest = await stripe.refunds.create({ charge: String(intent.latest_charge), reason: 'requested_by_customer' });
    expect(rest.amount).toBe(600);
    expect(await refusalOf(stripe.refunds.create({ payment_intent: intent.id }))).toMatchObject({
      code: 'charge_already_refunded',
    });
    const charge = await stripe.charges.retrieve(String(intent.latest_charge));
    expect(charge).toMatchObject({ amount_refunded: 1000, refunded: true });
    expect((await stripe.refunds.list({ payment_intent: intent.id })).data.map(({ id }) => id)).toEqual([
      rest.id,
      first.id,
    ]);
    expect(await stripe.refunds.retrieve(first.id)).toMatchObject({ id: first.id });
    expect((await stripe.charges.list({ payment_intent: intent.id })).data).toHaveLength(1);
  });

  it('are made once by key', async () => {
    const intent = await paid();
    const refund = () =>
      stripe.refunds.create({ payment_intent: intent.id, amount: 100 }, { idempotencyKey: intent.id });
    expect((await refund()).id).toBe((await refund()).id);
    expect((await stripe.refunds.list({ payment_intent: intent.id })).data).toHaveLength(1);
  });

  it('may take their time, or fail and give the charge its amount back', async () => {
    const pending = await stripe.refunds.create({ payment_intent: (await paid('pm_card_pendingRefund')).id });
    const failingIntent = await paid('pm_card_refundFail');
    const failing = await stripe.refunds.create({ payment_intent: failingIntent.id });
    expect([pending.status, failing.status]).toEqual(['pending', 'succeeded']);
    double.advance(5_000);
    expect((await stripe.refunds.retrieve(pending.id)).status).toBe('succeeded');
    expect(await stripe.refunds.retrieve(failing.id)).toMatchObject({
      ...{ status: 'failed', failure_reason: 'expired_or_canceled_card' },
    });
    expect(await stripe.charges.retrieve(String(failingIntent.latest_charge))).toMatchObject({ amount_refunded: 0 });
  });

  it('are for what was paid', async () => {
    const intent = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' });
    expect(await refusalOf(stripe.refunds.create({ payment_intent: intent.id }))).toMatchObject({
      ...{ statusCode: 400, code: 'payment_intent_unexpected_state' },
    });
    expect(await refusalOf(stripe.refunds.create({ amount: 5 }))).toMatchObject({ code: 'parameter_missing' });
  });
});

describe('disputes', () => {
  it('are opened by a test card, and stop refunds', async () => {
    const intent = await paid('pm_card_createDispute');
    const [dispute] = (await stripe.disputes.list({ payment_intent: intent.id })).data;
    expect(dispute).toMatchObject({ amount: 1000, reason: 'fraudulent', status: 'needs_response' });
    expect(dispute?.balance_transactions[0]).toMatchObject({ amount: -1000, fee: 1500, net: -2500 });
    expect(await stripe.charges.retrieve(String(intent.latest_charge))).toMatchObject({ disputed: true });
    expect(await refusalOf(stripe.refunds.create({ payment_intent: intent.id }))).toMatchObject({
      code: 'charge_disputed',
    });
    const id = dispute?.id ?? '';
    expect(await stripe.disputes.update(id, { evidence: { product_description: 'calls' } })).toMatchObject({
      ...{ status: 'under_review', evidence: { product_description: 'calls' } },
    });
    await control('POST', `/disputes/${id}/close`, { outcome: 'won' });
    const won = await stripe.disputes.retrieve(id);
    expect([won.status, won.balance_transactions.map(({ amount }) => amount)]).toEqual(['won', [-1000, 1000]]);
  });

  it('are opened from outside, as inquiries too', async () => {
    const intent = await paid();
    const opened = await control('POST', '/disputes', {
      payment_intent: intent.id,
      inquiry: true,
      reason: 'duplicate',
    });
    const dispute = await stripe.disputes.retrieve(String(opened.id));
    expect(dispute).toMatchObject({ status: 'warning_needs_response', reason: 'duplicate', balance_transactions: [] });
    expect(await stripe.disputes.close(dispute.id)).toMatchObject({ status: 'warning_closed' });
    const types = (await stripe.events.list({ types: ['charge.dispute.created', 'charge.dispute.closed'], limit: 2 }))
      .data;
    expect(types.map(({ type }) => type)).toEqual(['charge.dispute.closed', 'charge.dispute.created']);
  });
});

describe('tax', () => {
  const address = { country: 'DE', city: 'Berlin', postal_code: '10115' };

  it('is calculated by country and booked under a reference', async () => {
    const calculation = await stripe.tax.calculations.create({
      ...{ currency: 'eur', customer_details: { address, address_source: 'billing' } },
      line_items: [
        { amount: 1000, reference: 'calls' },
        { amount: 1190, reference: 'gross', tax_behavior: 'inclusive' },
      ],
      expand: ['line_items'],
    });
    expect(calculation).toMatchObject({ amount_total: 2380, tax_amount_exclusive: 190, tax_amount_inclusive: 190 });
    expect(calculation.line_items?.data.map(({ amount_tax }) => amount_tax)).toEqual([190, 190]);
    expect(await stripe.tax.calculations.retrieve(calculation.id ?? '')).not.toHaveProperty('line_items');
    const book = () =>
      stripe.tax.transactions.createFromCalculation({ calculation: calculation.id ?? '', reference: 'order-1' });
    const transaction = await book();
    expect(transaction).toMatchObject({ reference: 'order-1', type: 'transaction' });
    expect(await refusalOf(book())).toMatchObject({ param: 'reference' });
    const reversal = await stripe.tax.transactions.createReversal({
      ...{ mode: 'full', original_transaction: transaction.id, reference: 'order-1-refund' },
    });
    expect(reversal).toMatchObject({ type: 'reversal', reversal: { original_transaction: transaction.id } });
    expect(reversal.line_items?.data.map(({ amount, amount_tax }) => [amount, amount_tax])).toEqual([
      [-1000, -190],
      [-1190, -190],
    ]);
  });

  it('of a payment is booked when the payment succeeds', async () => {
    const calculation = await stripe.tax.calculations.create({
      ...{ currency: 'usd', line_items: [{ amount: 1000, reference: 'calls' }] },
      customer_details: { address: { country: 'US', state: 'CA' }, address_source: 'billing' },
    });
    expect(calculation.amount_total).toBe(1073);
    const hooks = { inputs: { tax: { calculation: calculation.id ?? '' } } };
    const create = (given: typeof hooks) =>
      stripe.paymentIntents.create({
        ...{ amount: 1073, currency: 'usd', confirm: true, payment_method: 'pm_card_visa', hooks: given },
        allowed_payment_method_types: ['card'],
      });
    const intent = await create(hooks);
    expect(intent).toMatchObject({ status: 'succeeded', hooks });
    const wrong = create({ inputs: { tax: { calculation: 'taxcalc_1' } } });
    expect(await refusalOf(wrong)).toMatchObject({ param: 'hooks[inputs][tax][calculation]' });
    await stripe.refunds.create({ payment_intent: intent.id, amount: 500 });
    const { tax_transaction_attempts: attempts } = await stripe.tax.associations.find({ payment_intent: intent.id });
    expect(attempts?.map(({ status }) => status)).toEqual(['committed', 'committed']);
    const [booked, reversed] = await Promise.all(
      (attempts ?? []).map(({ committed }) => stripe.tax.transactions.retrieve(committed?.transaction ?? '')),
    );
    expect(booked).toMatchObject({ reference: intent.id, line_items: { data: [{ amount: 1000, amount_tax: 73 }] } });
    expect(reversed).toMatchObject({ type: 'reversal', line_items: { data: [{ amount: -466, amount_tax: -34 }] } });
    const second = await create(hooks);
    expect(await stripe.tax.associations.find({ payment_intent: second.id })).toMatchObject({
      tax_transaction_attempts: [{ errored: { reason: 'another_payment_associated_with_calculation' } }],
    });
  });

  it('needs to know where', async () => {
    const params = { currency: 'usd', line_items: [{ amount: 100, reference: 'x' }] };
    expect(await refusalOf(stripe.tax.calculations.create(params))).toMatchObject({
      code: 'customer_tax_location_invalid',
    });
  });
});
