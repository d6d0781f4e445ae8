import { invalidParameter, resourceMissing } from '../../errors.ts';
import { pageFields, pageOf } from '../../http/page.ts';
import { type Route, route } from '../../http/route.ts';
import { address, currency, mergedMetadata, metadata } from '../../params/kinds.ts';
import { fields, integer, list, oneOf, type Read, text } from '../../params/param.ts';
import type { World } from '../../world.ts';
import { type TaxCustomerDetails, taxCalculationOf } from './tax-calculation.ts';
import { bookCalculation, reverseTransaction } from './transactions.ts';

const customerDetails = fields({
  address,
  address_source: oneOf('billing', 'shipping'),
  ip_address: text(),
  tax_ids: list(fields({ type: text(), value: text() }, ['type', 'value'])),
  taxability_override: oneOf('none', 'customer_exempt', 'reverse_charge'),
});
const lineItem = fields(
  {
    amount: integer(),
    metadata,
    product: text(),
    quantity: integer({ min: 1 }),
    reference: text(500),
    tax_behavior: oneOf('exclusive', 'inclusive'),
    tax_code: text(),
  },
  ['amount'],
);
const calculation = fields(
  { currency, customer: text(), customer_details: customerDetails, line_items: list(lineItem) },
  ['currency', 'line_items'],
);
const reversal = fields(
  {
    flat_amount: integer({ max: -1 }),
    metadata,
    mode: oneOf('full', 'partial'),
    original_transaction: text(),
    reference: text(500),
  },
  ['mode', 'original_transaction', 'reference'],
);

/** Verbs of `tax/calculations` and `tax/transactions`. */
export const taxRoutes: readonly Route[] = [
  route('POST', '/v1/tax/calculations', calculation, (world, params) => {
    const details = detailsOf(world, params);
    const lines = params.line_items.map((line, index) => ({
      ...line,
      metadata: line.metadata ?? null,
      product: line.product ?? null,
      quantity: line.quantity ?? 1,
      reference: line.reference ?? `L${index + 1}`,
      tax_behavior: line.tax_behavior ?? 'exclusive',
      tax_code: line.tax_code ?? 'txcd_10000000',
    }));
    const input = { currency: params.currency, customer: params.customer ?? null, details, lines };
    return world.taxCalculations.insert(taxCalculationOf(world.clock.now(), input));
  }),
  route(
    'GET',
    '/v1/tax/associations/find',
    fields({ payment_intent: text() }, ['payment_intent']),
    (world, { payment_intent }) => {
      const found = world.taxAssociations.newestFirst().find((one) => one.payment_intent === payment_intent);
      if (found === undefined) throw resourceMissing('tax association', payment_intent, 'payment_intent');
      return found;
    },
  ),
  route('GET', '/v1/tax/calculations/:id', fields({}), (world, _params, id) => world.taxCalculations.get(id)),
  route('GET', '/v1/tax/calculations/:id/line_items', fields(pageFields), (world, page, id) => {
    const { data, url } = world.taxCalculations.get(id).line_items;
    return pageOf(data, page, url);
  }),
  route(
    'POST',
    '/v1/tax/transactions/create_from_calculation',
    fields({ calculation: text(), metadata, reference: text(500) }, ['calculation', 'reference']),
    (world, params) => {
      const found = world.taxCalculations.get(params.calculation, 'calculation');
      return bookCalculation(world, found, params.reference, mergedMetadata({}, params.metadata));
    },
  ),
  route('POST', '/v1/tax/transactions/create_reversal', reversal, (world, params) => {
    const original = world.taxTransactions.get(params.original_transaction, 'original_transaction');
    const partial = params.mode === 'partial';
    if (partial !== (params.flat_amount !== undefined)) {
      throw invalidParameter('flat_amount is given if and only if mode is partial.', 'flat_amount');
    }
    return reverseTransaction(world, original, {
      reference: params.reference,
      metadata: mergedMetadata({}, params.metadata),
      flatAmount: params.flat_amount ?? null,
    });
  }),
  route('GET', '/v1/tax/transactions/:id', fields({}), (world, _params, id) => world.taxTransactions.get(id)),
  route('GET', '/v1/tax/transactions/:id/line_items', fields(pageFields), (world, page, id) => {
    const { data, url } = world.taxTransactions.get(id).line_items;
    return pageOf(data, page, url);
  }),
];

/** Where it is taxed: the customer's own address unless details are given. */
function detailsOf(world: World, params: Read<typeof calculation>): TaxCustomerDetails {
  const given = params.customer_details ?? {};
  const customer = params.customer === undefined ? null : world.customers.get(params.customer, 'customer');
  const place = given.address ?? customer?.address;
  if (place === undefined || place === null || !isPlace(place)) {
    throw invalidParameter(
      'We could not determine the tax location: give customer_details[address] with a country.',
      'customer_details[address]',
      'customer_tax_location_invalid',
    );
  }
  return {
    address: place,
    address_source: given.address_source ?? 'billing',
    ip_address: given.ip_address ?? null,
    tax_ids: given.tax_ids ?? [],
    taxability_override: given.taxability_override ?? 'none',
  };
}

/** In the United States a country says too little. */
function isPlace({ country, state, postal_code }: TaxCustomerDetails['address']): boolean {
  if (country === 'US') return state !== null || postal_code !== null;
  return country !== null;
}
