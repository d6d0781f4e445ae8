import { parseDecimal, type Rational, taxOf } from '@tollwright/core';
import type { Tx } from '@tollwright/db';
import { type CustomerBilling, findCustomerBilling } from '../customer-billing/customer-billing.ts';
import type { InvoiceBuyer, InvoiceSeller } from '../invoice/party.ts';
import { toInvoiceSettings } from '../invoice-settings/settings.ts';
import type { Billed } from './cycle.ts';
import type { DraftLine } from './usage-lines.ts';

/** What an invoice to a customer says if it is issued now. */
export interface InvoiceTerms {
  readonly seller: InvoiceSeller;
  readonly buyer: InvoiceBuyer;
  readonly netDays: number;
  /** Null: none. */
  readonly tax: Tax | null;
}

/** What a customer is taxed with. */
export interface Tax {
  readonly percentText: string;
  readonly percent: Rational;
  readonly description: string;
}

/** What the law wants to read where the buyer pays the tax itself. */
export const REVERSE_CHARGE = 'Reverse charge: the recipient of this service is liable for the tax';

/** What the provider and the customer have said by now. The transaction's tenant must be the whole provider. */
export async function invoiceTermsOf(tx: Tx, billed: Billed): Promise<InvoiceTerms> {
  const { providerId, customerId } = billed;
  const provider = await tx.provider.findUniqueOrThrow({ where: { id: providerId }, select: { name: true } });
  const customer = await tx.customer.findUniqueOrThrow({ where: { id: customerId }, select: { name: true } });
  const settings = toInvoiceSettings(await tx.invoiceSettings.findUnique({ where: { providerId } }));
  const billing = await findCustomerBilling(tx, billed);
  const { address, taxId, email } = billing;
  return {
    seller: {
      name: settings.legalName ?? provider.name,
      ...{ address: settings.address, taxId: settings.taxId, footer: settings.footer },
    },
    buyer: { name: billing.name ?? customer.name, address, taxId, email },
    netDays: billing.netDays ?? settings.netDays,
    tax: taxFor(billing),
  };
}

function taxFor({ tax, taxRate }: CustomerBilling): Tax | null {
  if (tax === 'reverse-charge') {
    return { percentText: '0', percent: parseDecimal('0'), description: REVERSE_CHARGE };
  }
  if (taxRate === null) return null;
  const { name, percent, region } = taxRate;
  return { percentText: percent, percent: parseDecimal(percent), description: `${name} ${percent}%, ${region}` };
}

/**
 * The tax of an invoice, on what all its other lines come to: whole cents, so that everybody can check it. Null: none, and none on nothing. It is
 * rounded once, half a cent up.
 */
export function taxLine(lines: readonly DraftLine[], tax: Tax | null, stretch: TaxStretch): DraftLine | null {
  const taxable = lines.reduce((sum, { amountNanoUsd }) => sum + amountNanoUsd, 0n);
  if (tax === null || taxable <= 0n) return null;
  return {
    kind: 'tax',
    ...{ planVersionId: null, rateCardKey: null, meter: null, model: null, quantity: null, ...stretch },
    ...{ description: tax.description, taxPercent: tax.percentText, amountNanoUsd: taxOf(taxable, tax.percent) },
  };
}

type TaxStretch = Pick<DraftLine, 'startsAt' | 'endsAt'>;
