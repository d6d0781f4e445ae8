import { newId } from '../../ids.ts';
import type { Address, Metadata } from '../../params/kinds.ts';
import { rateAt, type TaxRate, taxOn } from './rates.ts';

/** A tax calculation as the API shows it; its lines are listed apart. */
export type TaxCalculation = ReturnType<typeof taxCalculationOf>;
export type TaxCalculationLine = ReturnType<typeof lineOf>;

export type TaxBehavior = 'exclusive' | 'inclusive';

/** What is taxed. Amounts are for the whole quantity. */
export type TaxLineInput = {
  amount: number;
  quantity: number;
  reference: string;
  tax_behavior: TaxBehavior;
  tax_code: string;
  product: string | null;
  metadata: Metadata | null;
};

/** Whom it is sold to. */
export type TaxCustomerDetails = {
  address: Address;
  address_source: 'billing' | 'shipping';
  ip_address: string | null;
  tax_ids: { type: string; value: string }[];
  taxability_override: 'none' | 'customer_exempt' | 'reverse_charge';
};

const lifetimeSeconds = 90 * 86_400;

/** Calculates the tax of some lines at the customer's address. */
export function taxCalculationOf(
  created: number,
  input: { currency: string; customer: string | null; details: TaxCustomerDetails; lines: readonly TaxLineInput[] },
) {
  const { currency, customer, details } = input;
  const id = newId('taxcalc');
  const rate = details.taxability_override === 'none' ? rateAt(details.address) : null;
  const lines = input.lines.map((line) => lineOf(line, rate));
  const sum = (behavior: TaxBehavior) =>
    lines.reduce((total, line) => total + (line.tax_behavior === behavior ? line.amount_tax : 0), 0);
  const net = lines.reduce((total, line) => total + line.amount, 0);
  return {
    id,
    object: 'tax.calculation',
    amount_total: net + sum('exclusive'),
    currency,
    customer,
    customer_details: details,
    expires_at: created + lifetimeSeconds,
    livemode: false,
    ship_from_details: null,
    shipping_cost: null,
    tax_amount_exclusive: sum('exclusive'),
    tax_amount_inclusive: sum('inclusive'),
    tax_breakdown: (['exclusive', 'inclusive'] as const)
      .filter((behavior) => lines.some((line) => line.tax_behavior === behavior))
      .map((behavior) => breakdownOf(behavior, sum(behavior), lines, rate, details)),
    tax_date: created,
    line_items: { object: 'list', data: lines, has_more: false, url: `/v1/tax/calculations/${id}/line_items` },
  };
}

function lineOf(input: TaxLineInput, rate: TaxRate | null) {
  return {
    id: newId('tax_li'),
    object: 'tax.calculation_line_item',
    amount: input.amount,
    amount_tax: taxOn(input.amount, rate, input.tax_behavior),
    livemode: false,
    metadata: input.metadata,
    product: input.product,
    quantity: input.quantity,
    reference: input.reference,
    tax_behavior: input.tax_behavior,
    tax_code: input.tax_code,
  };
}

function breakdownOf(
  behavior: TaxBehavior,
  tax: number,
  lines: readonly TaxCalculationLine[],
  rate: TaxRate | null,
  { address, taxability_override }: TaxCustomerDetails,
) {
  const taxed = lines.filter((line) => line.tax_behavior === behavior).reduce((total, line) => total + line.amount, 0);
  const points = rate?.basisPoints ?? 0;
  return {
    amount: tax,
    inclusive: behavior === 'inclusive',
    tax_rate_details: {
      country: address.country,
      flat_amount: null,
      percentage_decimal: String(points / 100),
      rate_type: 'percentage',
      state: rate?.state ?? null,
      tax_type: rate?.type ?? null,
    },
    taxability_reason: reasonOf(rate, taxability_override),
    taxable_amount: rate === null ? 0 : taxed,
  };
}

function reasonOf(rate: TaxRate | null, override: TaxCustomerDetails['taxability_override']): string {
  if (override === 'reverse_charge') return 'reverse_charge';
  if (override === 'customer_exempt') return 'customer_exempt';
  return rate === null ? 'not_collecting' : 'standard_rated';
}
