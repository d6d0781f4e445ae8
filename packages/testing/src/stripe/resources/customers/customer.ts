import { randomText } from '../../ids.ts';
import type { Address, Metadata } from '../../params/kinds.ts';

/** A customer as the API shows it. */
export type Customer = ReturnType<typeof customerOf>;

type Shipping = {
  address: Address;
  name: string;
  phone?: string | null;
  carrier?: string | null;
  tracking_number?: string | null;
};

/** A customer who has nothing yet. */
export function customerOf(id: string, created: number) {
  return {
    id,
    object: 'customer',
    address: null as Address | null,
    balance: 0,
    created,
    currency: null as string | null,
    default_source: null,
    delinquent: false,
    description: null as string | null,
    discount: null,
    email: null as string | null,
    invoice_prefix: randomText(8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null as string | null,
      footer: null as string | null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {} as Metadata,
    name: null as string | null,
    next_invoice_sequence: 1,
    phone: null as string | null,
    preferred_locales: [] as string[],
    shipping: null as Shipping | null,
    tax_exempt: 'none' as 'none' | 'exempt' | 'reverse',
    test_clock: null,
  };
}
