import { clearableText, currency, metadata, timestamp } from '../../params/kinds.ts';
import { boolean, fields, integer, list, oneOf, type Read, text } from '../../params/param.ts';

const methodTypes = oneOf('card', 'us_bank_account');
const recurring = fields({ interval: oneOf('day', 'week', 'month', 'year'), interval_count: integer({ min: 1 }) }, [
  'interval',
]);
const priceData = fields(
  {
    currency,
    product: text(),
    product_data: fields({ description: text(), metadata, name: text(), tax_code: text() }, ['name']),
    recurring,
    tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
    unit_amount: integer({ min: 0 }),
  },
  ['currency', 'unit_amount'],
);
const lineItem = fields({ price: text(), price_data: priceData, quantity: integer({ min: 1 }) });
export type LineItemParams = Read<typeof lineItem>;

/** Parameters of `POST /v1/checkout/sessions`. */
export const creation = fields(
  {
    allow_promotion_codes: boolean,
    allowed_payment_method_types: list(methodTypes),
    automatic_tax: fields({ enabled: boolean }, ['enabled']),
    billing_address_collection: oneOf('auto', 'required'),
    cancel_url: text(),
    client_reference_id: text(200),
    currency,
    customer: text(),
    customer_creation: oneOf('always', 'if_required'),
    customer_email: text(800),
    expires_at: timestamp,
    line_items: list(lineItem),
    locale: text(),
    metadata,
    mode: oneOf('payment', 'setup', 'subscription'),
    payment_intent_data: fields({
      description: clearableText(1000),
      metadata,
      receipt_email: text(512),
      setup_future_usage: oneOf('off_session', 'on_session'),
      transfer_group: text(),
    }),
    payment_method_collection: oneOf('always', 'if_required'),
    payment_method_types: list(methodTypes),
    saved_payment_method_options: fields({ payment_method_save: oneOf('disabled', 'enabled') }),
    setup_intent_data: fields({ description: clearableText(1000), metadata }),
    submit_type: oneOf('auto', 'book', 'donate', 'pay', 'subscribe'),
    subscription_data: fields({ description: clearableText(500), metadata }),
    success_url: text(),
    ui_mode: oneOf('hosted_page'),
  },
  ['mode', 'success_url'],
);
export type Creation = Read<typeof creation>;
