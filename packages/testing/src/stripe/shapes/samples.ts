import type { StripeDouble } from '../stripe-double.ts';

/** Objects of the API by the name that Stripe's fixtures give their kind; after `#` which one of several it is. */
export type Samples = Readonly<Record<string, object>>;

type Call = (method: string, path: string, form?: Readonly<Record<string, string>>) => Promise<{ id: string }>;

/** Makes objects of every kind over HTTP and returns them as they were answered. */
export async function makeSamples(double: StripeDouble): Promise<Samples> {
  const call = callerOf(double);
  const customer = await call('POST', '/v1/customers', { payment_method: 'pm_card_visa', email: 'ada@example.com' });
  const tax = await taxSamples(call);
  const payments = await paymentSamples(call, customer.id);
  const endpoint = await call('POST', '/v1/webhook_endpoints', {
    url: 'http://127.0.0.1:9/',
    'enabled_events[0]': 'none.at_all',
  });
  const listed = (await call('GET', '/v1/events', { limit: '1' })) as unknown as { data: object[] };
  return {
    ...payments,
    ...tax,
    customer: await call('GET', `/v1/customers/${customer.id}`),
    event: listed.data[0] ?? {},
    'billing_portal.session': await call('POST', '/v1/billing_portal/sessions', { customer: customer.id }),
    'billing_portal.session#flow': await call('POST', '/v1/billing_portal/sessions', {
      customer: customer.id,
      'flow_data[type]': 'payment_method_update',
    }),
    webhook_endpoint: await call('GET', `/v1/webhook_endpoints/${endpoint.id}`),
    deleted_webhook_endpoint: await call('DELETE', `/v1/webhook_endpoints/${endpoint.id}`),
    deleted_customer: await call('DELETE', `/v1/customers/${customer.id}`),
    ...(await checkoutSamples(call)),
  };
}

async function paymentSamples(call: Call, customer: string): Promise<Samples> {
  const paid = { amount: '1000', currency: 'usd', confirm: 'true', off_session: 'true', customer };
  const intent = await call('POST', '/v1/payment_intents', { ...paid, payment_method: 'pm_card_createDispute' });
  const listOf = (path: string) => call('GET', path, { payment_intent: intent.id, limit: '1' });
  const refunded = await call('POST', '/v1/payment_intents', { ...paid, payment_method: 'pm_card_visa' });
  const refund = await call('POST', '/v1/refunds', { payment_intent: refunded.id });
  const charge = first(await listOf('/v1/charges'));
  const authenticated = await authenticatedPayment(call);
  const setup = { customer, payment_method: 'pm_card_visa', confirm: 'true', return_url: 'https://example.com' };
  const token = await call('POST', '/v1/test_helpers/shared_payment/granted_tokens', {
    payment_method: 'pm_card_visa',
    'usage_limits[currency]': 'usd',
    'usage_limits[max_amount]': '1000',
    'usage_limits[expires_at]': String(Math.floor(Date.now() / 1000) + 3600),
  });
  return {
    payment_intent: intent,
    charge,
    'payment_intent#authenticated': authenticated,
    'charge#authenticated': first(await call('GET', '/v1/charges', { payment_intent: authenticated.id })),
    refund,
    dispute: first(await listOf('/v1/disputes')),
    balance_transaction: await call('GET', `/v1/balance_transactions/${String(charge.balance_transaction)}`),
    setup_intent: await call('POST', '/v1/setup_intents', setup),
    payment_method: await call('POST', '/v1/payment_methods', { type: 'card', 'card[token]': 'tok_visa' }),
    'shared_payment.granted_token': await call('GET', `/v1/shared_payment/granted_tokens/${token.id}`),
  };
}

async function authenticatedPayment(call: Call): Promise<{ id: string }> {
  const intent = await call('POST', '/v1/payment_intents', {
    ...{ amount: '1000', currency: 'usd', confirm: 'true', payment_method: 'pm_card_authenticationRequired' },
    return_url: 'https://example.com',
  });
  await call('POST', `/authenticate/${intent.id}`, { result: 'passed' });
  return call('GET', `/v1/payment_intents/${intent.id}`);
}

async function taxSamples(call: Call): Promise<Samples> {
  const calculation = await call('POST', '/v1/tax/calculations', {
    currency: 'usd',
    'customer_details[address][country]': 'US',
    'customer_details[address][state]': 'CA',
    'line_items[0][amount]': '1000',
  });
  const transaction = await call('POST', '/v1/tax/transactions/create_from_calculation', {
    calculation: calculation.id,
    reference: 'sample',
  });
  const intent = await call('POST', '/v1/payment_intents', {
    ...{ amount: '1000', currency: 'usd', confirm: 'true', off_session: 'true', payment_method: 'pm_card_visa' },
    'hooks[inputs][tax][calculation]': calculation.id,
  });
  return {
    'tax.association': await call('GET', '/v1/tax/associations/find', { payment_intent: intent.id }),
    'tax.calculation': calculation,
    'tax.calculation_line_item': first(await call('GET', `/v1/tax/calculations/${calculation.id}/line_items`)),
    'tax.transaction': transaction,
    'tax.transaction_line_item': first(await call('GET', `/v1/tax/transactions/${transaction.id}/line_items`)),
  };
}

async function checkoutSamples(call: Call): Promise<Samples> {
  const session = await call('POST', '/v1/checkout/sessions', {
    mode: 'payment',
    success_url: 'https://example.com/success',
    'line_items[0][price_data][currency]': 'usd',
    'line_items[0][price_data][unit_amount]': '1000',
    'line_items[0][price_data][product_data][name]': 'Calls',
  });
  return {
    'checkout.session': session,
    item: first(await call('GET', `/v1/checkout/sessions/${session.id}/line_items`)),
  };
}

function first(list: object): Record<string, unknown> {
  return (list as { data: Record<string, unknown>[] }).data[0] ?? {};
}

function callerOf({ url }: StripeDouble): Call {
  return async (method, path, form = {}) => {
    const params = new URLSearchParams(form).toString();
    const response = await fetch(`${url}${path}${method === 'POST' || params === '' ? '' : `?${params}`}`, {
      method,
      redirect: 'manual',
      headers: { authorization: 'Bearer sk_test_shapes', 'content-type': 'application/x-www-form-urlencoded' },
      ...(method === 'POST' ? { body: params } : {}),
    });
    if (response.status === 303) return { id: '' };
    const object = (await response.json()) as { id: string; error?: { message: string } };
    if (!response.ok) throw new Error(`${method} ${path}: ${object.error?.message}`);
    return object;
  };
}
