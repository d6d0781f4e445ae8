import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { type CustomerBilling, customerBillingOutput, findCustomerBilling } from './customer-billing.ts';

export const getCustomerBillingInput = z.object({ providerId, customerId });
export const getCustomerBillingOutput = customerBillingOutput;

/** What invoices say of a customer, and how they tax it. */
export async function getCustomerBilling(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getCustomerBillingInput>,
): Promise<CustomerBilling> {
  const billed = parse(getCustomerBillingInput, input);
  const access = await authorize(ctx, actor, billed, 'read');
  return read(ctx, access, (tx) => findCustomerBilling(tx, billed));
}
