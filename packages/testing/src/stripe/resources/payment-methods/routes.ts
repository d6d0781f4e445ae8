import type { TestMethod } from '../../cards/outcome.ts';
import { testMethod } from '../../cards/test-methods.ts';
import { invalidParameter, invalidRequest } from '../../errors.ts';
import { pageFields, pageOf } from '../../http/page.ts';
import { type Route, route } from '../../http/route.ts';
import { billingDetails, mergedMetadata, metadata } from '../../params/kinds.ts';
import { fields, missing, oneOf, text } from '../../params/param.ts';
import type { World } from '../../world.ts';
import { attach } from './attach.ts';
import { billingDetailsOf } from './payment-method.ts';
import { newMethod, resolveMethod } from './resolve.ts';

const types = oneOf('card', 'us_bank_account');
const holder = oneOf('individual', 'company');
const creation = fields(
  {
    billing_details: billingDetails,
    card: fields({ token: text() }, ['token']),
    metadata,
    type: types,
    us_bank_account: fields({ account_holder_type: holder, account_number: text(), routing_number: text() }, [
      'account_holder_type',
      'account_number',
      'routing_number',
    ]),
  },
  ['type'],
);
const listing = { ...pageFields, type: types };

/** Stripe's test numbers of bank accounts, by the test method that they stand for. */
const bankAccounts: Readonly<Record<string, string>> = {
  '000123456789': 'pm_usBankAccount_success',
  '000111111113': 'pm_usBankAccount_accountClosed',
  '000111111116': 'pm_usBankAccount_noAccount',
  '000222222227': 'pm_usBankAccount_insufficientFunds',
  '000333333335': 'pm_usBankAccount_debitNotAuthorized',
  '000000000009': 'pm_usBankAccount_processing',
};

/** Verbs of `payment_methods`, and a customer's list of them. */
export const paymentMethodRoutes: readonly Route[] = [
  route('POST', '/v1/payment_methods', creation, (world, params) => {
    const method = newMethod(world, testOf(params));
    method.billing_details = billingDetailsOf(params.billing_details);
    method.metadata = mergedMetadata({}, params.metadata);
    return method;
  }),
  route('GET', '/v1/payment_methods/:id', fields({}), (world, _params, id) => resolveMethod(world, id)),
  route(
    'POST',
    '/v1/payment_methods/:id',
    fields({ billing_details: billingDetails, metadata }),
    (world, params, id) => {
      const method = world.paymentMethods.get(id);
      const given = Object.entries(params.billing_details ?? {});
      method.billing_details = billingDetailsOf({ ...method.billing_details, ...Object.fromEntries(given) });
      method.metadata = mergedMetadata(method.metadata, params.metadata);
      return method;
    },
  ),
  route('POST', '/v1/payment_methods/:id/attach', fields({ customer: text() }, ['customer']), (world, params, id) => {
    const customer = world.customers.get(params.customer, 'customer');
    const method = resolveMethod(world, id);
    attach(world, method, customer);
    return method;
  }),
  route('POST', '/v1/payment_methods/:id/detach', fields({}), (world, _params, id) => {
    const method = world.paymentMethods.get(id);
    if (method.customer === null) {
      throw invalidRequest(
        'The payment method you provided is not attached to a customer so detachment is impossible.',
      );
    }
    method.customer = null;
    world.events.emit('payment_method.detached', method);
    return method;
  }),
  route(
    'GET',
    '/v1/payment_methods',
    fields({ ...listing, customer: text() }),
    (world, { customer, type, ...page }) => {
      if (customer === undefined) throw missing('customer');
      return pageOf(methodsOf(world, customer, type), page, '/v1/payment_methods');
    },
  ),
  route('GET', '/v1/customers/:id/payment_methods', fields(listing), (world, { type, ...page }, id) => {
    world.customers.get(id);
    return pageOf(methodsOf(world, id, type), page, `/v1/customers/${id}/payment_methods`);
  }),
];

function methodsOf(world: World, customer: string, type: string | undefined) {
  world.customers.get(customer, 'customer');
  return world.paymentMethods
    .newestFirst()
    .filter((method) => method.customer === customer)
    .filter((method) => type === undefined || method.type === type);
}

function testOf(params: {
  type: 'card' | 'us_bank_account';
  card?: { token: string };
  us_bank_account?: { account_number: string };
}): TestMethod {
  if (params.type === 'card') {
    if (params.card === undefined) throw missing('card');
    const { token } = params.card;
    const test = token.startsWith('tok_') ? testMethod(token) : undefined;
    if (test === undefined) throw invalidParameter(`No such token: '${token}'`, 'card[token]', 'resource_missing');
    return test;
  }
  if (params.us_bank_account === undefined) throw missing('us_bank_account');
  const { account_number } = params.us_bank_account;
  const test = testMethod(bankAccounts[account_number] ?? '');
  if (test !== undefined) return test;
  throw invalidParameter(
    'You must use a test bank account number in test mode.',
    'us_bank_account[account_number]',
    'account_number_invalid',
  );
}
