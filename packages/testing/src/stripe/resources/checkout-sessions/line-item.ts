import { newId } from '../../ids.ts';
import type { Metadata } from '../../params/kinds.ts';

/** A line of a session as the API shows it. */
export type LineItem = ReturnType<typeof lineItemOf>;

/** A price that is made for one session. */
export type InlinePrice = {
  readonly currency: string;
  readonly unitAmount: number;
  readonly name: string;
  readonly metadata: Metadata;
  readonly recurring: { interval: 'day' | 'week' | 'month' | 'year'; interval_count: number } | null;
};

/** So many of an inline price. */
export function lineItemOf(created: number, inline: InlinePrice, quantity: number) {
  const total = inline.unitAmount * quantity;
  return {
    id: newId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: total,
    amount_tax: 0,
    amount_total: total,
    currency: inline.currency,
    description: inline.name,
    metadata: {} as Metadata,
    price: priceOf(created, inline),
    quantity,
  };
}

function priceOf(created: number, { currency, unitAmount, metadata, recurring }: InlinePrice) {
  return {
    id: newId('price'),
    object: 'price',
    active: false,
    billing_scheme: 'per_unit',
    created,
    currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata,
    nickname: null,
    product: newId('prod', 14),
    recurring:
      recurring === null ? null : { ...recurring, meter: null, trial_period_days: null, usage_type: 'licensed' },
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: recurring === null ? 'one_time' : 'recurring',
    unit_amount: unitAmount,
    unit_amount_decimal: String(unitAmount),
  };
}
