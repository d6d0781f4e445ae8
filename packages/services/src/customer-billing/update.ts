import { ProblemError } from '@tollwright/core';
import type { Tx } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, email, idText, providerId } from '../fields.ts';
import { given } from '../given.ts';
import { netDays, partyAddress, partyName, partyTaxId } from '../invoice-settings/settings.ts';
import { parse } from '../parse.ts';
import { invalid } from '../refusals.ts';
import { type CustomerBilling, customerBillingOutput, customerTax, findCustomerBilling } from './customer-billing.ts';

export const updateCustomerBillingInput = z.object({
  providerId,
  customerId,
  name: partyName.optional(),
  address: partyAddress.optional().meta({ description: 'Several lines' }),
  taxId: partyTaxId.optional(),
  email: z.union([email, z.null(), z.literal('').transform(() => null)]).optional(),
  netDays: netDays.nullable().optional().meta({ description: "Null: the provider's. The provider alone sets it" }),
  tax: customerTax.optional().meta({ description: 'The provider alone sets it' }),
  taxRateId: idText.optional().meta({ description: 'With `rate`' }),
});
export const updateCustomerBillingOutput = customerBillingOutput;

/** Changes what a customer's next invoices say of it. How it is taxed and how long it has to pay, its provider alone says. */
export async function updateCustomerBilling(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof updateCustomerBillingInput>,
): Promise<CustomerBilling> {
  const { providerId, customerId, tax, taxRateId, ...members } = parse(updateCustomerBillingInput, input);
  const billed = { providerId, customerId };
  const access = await authorize(ctx, actor, billed, 'write');
  const isOfProvider = members.netDays !== undefined || tax !== undefined || taxRateId !== undefined;
  if (isOfProvider && access.level !== 'provider') {
    throw new ProblemError({ slug: 'forbidden', detail: 'Only the provider sets its taxes and terms of payment.' });
  }
  if ((tax === 'rate') !== (taxRateId !== undefined)) throw invalid('taxRateId', 'goes with the tax `rate`');
  return change(ctx, access, async (step) => {
    if (taxRateId !== undefined) await assertRate(step.tx, providerId, taxRateId);
    const before = await findCustomerBilling(step.tx, billed);
    const taxed = tax === undefined ? {} : { tax, taxRateId: taxRateId ?? null };
    const data = { ...given(members), ...taxed };
    await step.tx.customerBilling.upsert({ where: { customerId }, create: { ...billed, ...data }, update: data });
    const after = await findCustomerBilling(step.tx, billed);
    await step.audit({ action: 'customer-billing.update', targetId: customerId, before, after });
    return after;
  });
}

/** Nobody archives the rate until this transaction ends. */
async function assertRate(tx: Tx, providerId: string, id: string): Promise<void> {
  const found = await tx.$queryRaw<unknown[]>`SELECT 1 FROM tax_rate
    WHERE id = ${id} AND provider_id = ${providerId} AND archived_at IS NULL FOR SHARE`;
  if (found.length === 0) throw invalid('taxRateId', 'is none of your tax rates');
}
