import { invalidParameter, invalidRequest } from '../../errors.ts';
import { mergedMetadata, requireChargeable } from '../../params/kinds.ts';
import type { World } from '../../world.ts';
import type { Customer } from '../customers/customer.ts';
import { requireUsable } from '../granted-tokens/use.ts';
import type { PaymentMethod } from '../payment-methods/payment-method.ts';
import { resolveMethod } from '../payment-methods/resolve.ts';
import { type Confirmation, confirmIntent, requireType } from './confirm.ts';
import type { ConfirmationParams, Creation } from './params.ts';
import { type PaymentIntent, paymentIntentOf } from './payment-intent.ts';

/** Makes an intent, and confirms it when asked. What is refused with 400 leaves nothing behind; a decline leaves the intent. */
export function createIntent(world: World, params: Creation): PaymentIntent {
  requireChargeable(params.amount, params.currency);
  const customer = params.customer === undefined ? null : world.customers.get(params.customer, 'customer');
  const token = tokenOf(params);
  if (token !== null) requireUsable(world, token, { intent: null, amount: params.amount, currency: params.currency });
  const method =
    params.payment_method === undefined ? null : resolveMethod(world, params.payment_method, 'payment_method');
  if (method !== null) requireOwner(method, customer);
  requireCalculation(world, params.hooks);
  const intent = intentOf(world, params, customer, method);
  const payer = method ?? (token === null ? null : world.paymentMethods.get(world.methodsOfTokens.get(token) ?? ''));
  if (payer !== null) requireType(intent, payer);
  if (params.confirm === true) requireReturnUrl(intent, params, token);
  if (params.confirm !== true && (params.off_session !== undefined || params.error_on_requires_action !== undefined)) {
    throw invalidParameter('This parameter is only allowed together with confirm=true.', 'off_session');
  }
  world.paymentIntents.insert(intent);
  if (token !== null) world.tokensOfIntents.set(intent.id, token);
  world.events.emit('payment_intent.created', intent);
  if (params.confirm === true) confirmIntent(world, intent, howOf(params));
  return intent;
}

/** Throws 400 when the calculation that hooks name is not there. */
export function requireCalculation(world: World, hooks: Creation['hooks']): void {
  const calculation = hooks?.inputs?.tax?.calculation;
  if (typeof calculation === 'string') world.taxCalculations.get(calculation, 'hooks[inputs][tax][calculation]');
}

/** The token that pays, wherever it was put. */
export function tokenOf(params: ConfirmationParams): string | null {
  const inside = params.payment_method_data?.shared_payment_granted_token;
  const token = params.shared_payment_granted_token ?? inside ?? null;
  if (token !== null && params.payment_method !== undefined) {
    throw invalidParameter(
      'You may only specify one of these parameters: payment_method, shared_payment_granted_token.',
      'payment_method',
      'parameters_exclusive',
    );
  }
  if (params.payment_method_data !== undefined && inside === undefined) {
    throw invalidParameter(
      'Raw payment method data is not accepted here; send a payment_method.',
      'payment_method_data',
    );
  }
  return token;
}

/** How the parameters want it confirmed. */
export function howOf(params: ConfirmationParams): Confirmation {
  const challenge = params.payment_method_options?.card?.request_three_d_secure ?? 'automatic';
  return {
    offSession: params.off_session !== undefined && params.off_session !== false,
    errorOnRequiresAction: params.error_on_requires_action ?? false,
    challenge: challenge !== 'automatic',
    returnUrl: params.use_stripe_sdk === true ? null : (params.return_url ?? null),
  };
}

/** A method of a customer pays for that customer alone. */
export function requireOwner(method: PaymentMethod, customer: Pick<Customer, 'id'> | null): void {
  if (method.customer === null || method.customer === customer?.id) return;
  if (customer === null) {
    throw invalidRequest(
      `The payment method supplied (${method.id}) belongs to the Customer ${method.customer}. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`,
      { param: 'payment_method' },
    );
  }
  throw invalidRequest(
    `The customer does not have a payment method with the ID ${method.id}. The payment method must be attached to the customer.`,
    { code: 'resource_missing', param: 'payment_method' },
  );
}

function intentOf(
  world: World,
  params: Creation,
  customer: Customer | null,
  method: PaymentMethod | null,
): PaymentIntent {
  const intent = paymentIntentOf(world.clock.now(), params.amount, params.currency);
  setMethodTypes(intent, params);
  intent.customer = customer?.id ?? null;
  intent.payment_method = method?.id ?? null;
  intent.payment_method_options = params.payment_method_options ?? {};
  intent.capture_method = params.capture_method ?? 'automatic_async';
  intent.confirmation_method = params.confirmation_method ?? 'automatic';
  intent.description = params.description ?? null;
  intent.metadata = mergedMetadata({}, params.metadata);
  intent.receipt_email = params.receipt_email ?? null;
  intent.setup_future_usage = params.setup_future_usage ?? null;
  intent.shipping = params.shipping ?? null;
  intent.statement_descriptor_suffix = params.statement_descriptor_suffix ?? null;
  intent.transfer_group = params.transfer_group ?? null;
  if (params.hooks !== undefined) Object.assign(intent, { hooks: params.hooks });
  if (method !== null) intent.status = 'requires_confirmation';
  return intent;
}

/** The methods that may pay: those that are named, or all that the account has switched on. */
function setMethodTypes(intent: PaymentIntent, params: Creation): void {
  const { automatic_payment_methods: automatic, payment_method_types, allowed_payment_method_types } = params;
  const types = allowed_payment_method_types ?? payment_method_types;
  if (automatic?.enabled === true && types !== undefined) {
    throw invalidParameter(
      'You may only specify one of these parameters: automatic_payment_methods, allowed_payment_method_types.',
      'allowed_payment_method_types',
      'parameters_exclusive',
    );
  }
  if (automatic !== undefined) intent.automatic_payment_methods = { allow_redirects: 'always', ...automatic };
  else if (types === undefined) intent.automatic_payment_methods = { enabled: true, allow_redirects: 'always' };
  const isAutomatic = intent.automatic_payment_methods?.enabled === true;
  intent.payment_method_types = types ?? (isAutomatic ? ['card', 'us_bank_account'] : ['card']);
}

/** Methods that redirect need somewhere to come back to. */
export function requireReturnUrl(intent: PaymentIntent, params: ConfirmationParams, token: string | null): void {
  const redirects = intent.automatic_payment_methods;
  if (redirects?.enabled !== true || redirects.allow_redirects === 'never') return;
  if (params.return_url !== undefined || howOf(params).offSession || token !== null) return;
  throw invalidParameter(
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
    'return_url',
  );
}
