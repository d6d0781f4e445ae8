import { invalidParameter, resourceMissing } from '../../errors.ts';
import { mergedMetadata, requireChargeable } from '../../params/kinds.ts';
import { missing } from '../../params/param.ts';
import type { World } from '../../world.ts';
import { type CheckoutSession, checkoutSessionOf } from './checkout-session.ts';
import { expireSession } from './finish.ts';
import { type LineItem, lineItemOf } from './line-item.ts';
import type { Creation, LineItemParams } from './params.ts';

const halfHourSeconds = 1800;
const daySeconds = 86_400;

/** Opens a session and checks that its parameters fit its mode. It expires by the double's clock. */
export function createSession(world: World, params: Creation): CheckoutSession {
  requireFit(world, params);
  const session = checkoutSessionOf(world.clock.now(), params.mode, world.baseUrl);
  if (params.mode !== 'setup') addLines(world, session, params.line_items ?? []);
  else session.currency = params.currency ?? null;
  describe(session, params);
  world.checkoutSessions.insert(session);
  const data = params.payment_intent_data;
  const described = data ?? params.setup_intent_data ?? params.subscription_data;
  world.checkoutPlans.set(session.id, {
    description: described?.description ?? null,
    metadata: mergedMetadata({}, described?.metadata),
    receiptEmail: data?.receipt_email ?? null,
    setupFutureUsage: data?.setup_future_usage ?? null,
    transferGroup: data?.transfer_group ?? null,
  });
  world.clock.at(session.expires_at * 1000, () => {
    if (session.status === 'open') expireSession(world, session);
  });
  return session;
}

function describe(session: CheckoutSession, params: Creation): void {
  session.allow_promotion_codes = params.allow_promotion_codes ?? null;
  session.automatic_tax.enabled = params.automatic_tax?.enabled ?? false;
  session.billing_address_collection = params.billing_address_collection ?? null;
  session.cancel_url = params.cancel_url ?? null;
  session.client_reference_id = params.client_reference_id ?? null;
  session.customer = params.customer ?? null;
  session.customer_creation = params.customer_creation ?? session.customer_creation;
  session.customer_email = params.customer_email ?? null;
  session.expires_at = params.expires_at ?? session.expires_at;
  session.locale = params.locale ?? null;
  session.metadata = mergedMetadata({}, params.metadata);
  session.payment_method_collection = params.payment_method_collection ?? session.payment_method_collection;
  session.payment_method_types = params.allowed_payment_method_types ?? params.payment_method_types ?? ['card'];
  session.submit_type = params.submit_type ?? null;
  session.success_url = params.success_url;
  if (params.saved_payment_method_options !== undefined) {
    const rest = { allow_redisplay_filters: null, payment_method_remove: null };
    session.saved_payment_method_options = {
      ...rest,
      payment_method_save: null,
      ...params.saved_payment_method_options,
    };
  }
}

function requireFit(world: World, params: Creation): void {
  const { mode } = params;
  if (params.customer !== undefined) world.customers.get(params.customer, 'customer');
  const refuse = (name: string) =>
    invalidParameter(`You can not pass \`${name}\` in \`${mode}\` mode.`, name, 'parameter_unknown');
  if (params.payment_intent_data !== undefined && mode !== 'payment') throw refuse('payment_intent_data');
  if (params.setup_intent_data !== undefined && mode !== 'setup') throw refuse('setup_intent_data');
  if (params.subscription_data !== undefined && mode !== 'subscription') throw refuse('subscription_data');
  if (params.customer_creation !== undefined && mode !== 'payment') throw refuse('customer_creation');
  if (params.line_items !== undefined && mode === 'setup') throw refuse('line_items');
  if (mode !== 'setup' && (params.line_items ?? []).length === 0) throw missing('line_items');
  if (params.customer !== undefined && params.customer_email !== undefined) {
    throw invalidParameter(
      'You may only specify one of these parameters: customer, customer_email.',
      'customer_email',
      'parameters_exclusive',
    );
  }
  const wait = (params.expires_at ?? world.clock.now() + daySeconds) - world.clock.now();
  if (wait < halfHourSeconds || wait > daySeconds) {
    throw invalidParameter(
      'The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.',
      'expires_at',
    );
  }
}

function addLines(world: World, session: CheckoutSession, params: readonly LineItemParams[]): void {
  const lines = params.map((line, index) => lineOf(world, session, line, `line_items[${index}]`));
  const currencies = new Set(lines.map((line) => line.currency));
  if (currencies.size > 1) throw invalidParameter('All line items must have the same currency.', 'line_items');
  const total = lines.reduce((sum, line) => sum + line.amount_total, 0);
  const currency = lines[0]?.currency ?? 'usd';
  if (session.mode === 'payment') requireChargeable(total, currency);
  session.line_items.data.push(...lines);
  session.currency = currency;
  session.amount_subtotal = total;
  session.amount_total = total;
}

function lineOf(world: World, session: CheckoutSession, line: LineItemParams, name: string): LineItem {
  if (line.price !== undefined) throw resourceMissing('price', line.price, `${name}[price]`);
  const data = line.price_data;
  if (data === undefined) throw missing(`${name}[price]`);
  if (data.product !== undefined) throw resourceMissing('product', data.product, `${name}[price_data][product]`);
  if (data.product_data === undefined) throw missing(`${name}[price_data][product_data]`);
  if (session.mode === 'payment' && data.recurring !== undefined) {
    throw invalidParameter(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
      name,
    );
  }
  const recurring = data.recurring === undefined ? null : { interval_count: 1, ...data.recurring };
  const inline = { currency: data.currency, unitAmount: data.unit_amount, name: data.product_data.name, recurring };
  return lineItemOf(world.clock.now(), { ...inline, metadata: {} }, line.quantity ?? 1);
}
