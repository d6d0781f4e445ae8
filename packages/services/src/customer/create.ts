import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { displayName, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { type CustomerOutput, customerOutput, toCustomer } from './customer.ts';

export const createCustomerInput = z.object({ providerId, name: displayName });
export const createCustomerOutput = customerOutput;

/** Makes a customer without people: invite an owner, or act for it with a token. */
export async function createCustomer(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof createCustomerInput>,
): Promise<CustomerOutput> {
  const { providerId, name } = parse(createCustomerInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const id = step.id('customer');
    const row = await step.tx.customer.create({ data: { id, providerId, name, createdAt: step.now } });
    await step.audit({ action: 'customer.create', targetId: id, after: { name } });
    await step.publishCustomer(id);
    return toCustomer(row);
  });
}
