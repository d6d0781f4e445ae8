import type { DbCustomerBilling, Tx } from '@tollwright/db';
import { z } from 'zod';
import type { Billed } from '../billing/cycle.ts';
import { type TaxRateOutput, taxRateOutput, toTaxRate } from '../tax-rate/tax-rate.ts';

export const customerTax = z.enum(['none', 'rate', 'reverse-charge']);

export const customerBillingOutput = z.object({
  name: z.string().nullable().meta({ description: "As invoices say it; null: the customer's name" }),
  address: z.string().nullable(),
  taxId: z.string().nullable(),
  email: z.string().nullable().meta({ description: 'Where invoices are read' }),
  netDays: z.int().nullable().meta({ description: "Days to pay; null: the provider's" }),
  tax: customerTax,
  taxRate: taxRateOutput.nullable().meta({ description: 'With `rate`' }),
});
export type CustomerBilling = z.output<typeof customerBillingOutput>;

/** What invoices say of a customer; before anybody has said anything, nothing. */
export async function findCustomerBilling(tx: Tx, { providerId, customerId }: Billed): Promise<CustomerBilling> {
  const row = await tx.customerBilling.findFirst({ where: { providerId, customerId } });
  if (row === null) {
    return { name: null, address: null, taxId: null, email: null, netDays: null, tax: 'none', taxRate: null };
  }
  return { ...saidOf(row), taxRate: await rateOf(tx, row) };
}

function saidOf({ name, address, taxId, email, netDays, tax }: DbCustomerBilling): Omit<CustomerBilling, 'taxRate'> {
  return { name, address, taxId, email, netDays, tax: customerTax.parse(tax) };
}

async function rateOf(tx: Tx, { providerId, taxRateId: id }: DbCustomerBilling): Promise<TaxRateOutput | null> {
  if (id === null) return null;
  return toTaxRate(await tx.taxRate.findFirstOrThrow({ where: { providerId, id } }));
}
