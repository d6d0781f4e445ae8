import {
  amount,
  automaticPaymentMethods,
  billingDetails,
  clearableText,
  currency,
  metadata,
  shipping,
} from '../../params/kinds.ts';
import { boolean, clearable, either, fields, list, oneOf, type Read, text } from '../../params/param.ts';

const methodTypes = oneOf('card', 'us_bank_account');
const methodData = fields({
  billing_details: billingDetails,
  shared_payment_granted_token: text(),
  type: methodTypes,
});
const methodOptions = fields({
  card: fields({ request_three_d_secure: oneOf('automatic', 'any', 'challenge') }),
});
const hooks = fields({ inputs: fields({ tax: fields({ calculation: clearableText() }) }) });

const described = {
  description: clearableText(1000),
  metadata,
  receipt_email: clearableText(512),
  shipping: clearable(shipping),
  statement_descriptor_suffix: clearableText(22),
  transfer_group: text(),
};
const paid = {
  payment_method: text(),
  payment_method_data: methodData,
  payment_method_options: methodOptions,
  setup_future_usage: oneOf('off_session', 'on_session'),
  shared_payment_granted_token: text(),
};
const confirmed = {
  error_on_requires_action: boolean,
  off_session: either(boolean, oneOf('one_off', 'recurring')),
  return_url: text(),
  use_stripe_sdk: boolean,
};

/** Parameters of `POST /v1/payment_intents`. */
export const creation = fields(
  {
    ...described,
    ...paid,
    ...confirmed,
    allowed_payment_method_types: list(methodTypes),
    amount,
    automatic_payment_methods: automaticPaymentMethods,
    capture_method: oneOf('automatic', 'automatic_async', 'manual'),
    confirm: boolean,
    confirmation_method: oneOf('automatic'),
    currency,
    customer: text(),
    hooks,
    payment_method_types: list(methodTypes),
  },
  ['amount', 'currency'],
);
export type Creation = Read<typeof creation>;

/** Parameters of an update. */
export const update = fields({ ...described, amount, currency, customer: text(), hooks, payment_method: text() });

/** Parameters of `…/confirm`. */
export const confirmation = fields({ ...paid, ...confirmed, receipt_email: clearableText(512) });
export type ConfirmationParams = Read<typeof confirmation>;

/** Parameters of `…/capture`. */
export const capture = fields({ amount_to_capture: amount, metadata });

/** Parameters of `…/cancel`. */
export const cancellation = fields({
  cancellation_reason: oneOf('abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'),
});
