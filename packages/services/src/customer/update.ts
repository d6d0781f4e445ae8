import { ProblemError } from '@tollwright/core';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, displayName, providerId } from '../fields.ts';
import { given } from '../given.ts';
import { parse } from '../parse.ts';
import { timeZone } from '../provider/provider.ts';
import { type CustomerOutput, customerOutput, toCustomer } from './customer.ts';

export const updateCustomerInput = z.object({
  providerId,
  customerId,
  name: displayName.optional(),
  timeZone: timeZone.optional(),
  status: z
    .enum(['active', 'suspended'])
    .optional()
    .meta({ description: 'A suspended customer is refused at every gateway; the provider alone sets it' }),
});
export const updateCustomerOutput = customerOutput;

/** Renames a customer, or suspends it. */
export async function updateCustomer(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof updateCustomerInput>,
): Promise<CustomerOutput> {
  const { providerId, customerId, ...members } = parse(updateCustomerInput, input);
  const access = await authorize(ctx, actor, { providerId, customerId }, 'write');
  if (members.status !== undefined && access.level !== 'provider') {
    throw new ProblemError({ slug: 'forbidden', detail: 'Only the provider suspends a customer.' });
  }
  return change(ctx, access, async (step) => {
    const before = toCustomer(await step.tx.customer.findUniqueOrThrow({ where: { id: customerId } }));
    const row = await step.tx.customer.update({ where: { id: customerId }, data: given(members) });
    await step.audit({ action: 'customer.update', targetId: customerId, before, after: toCustomer(row) });
    await step.publishCustomer(customerId);
    return toCustomer(row);
  });
}
