import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { type CustomerOutput, customerOutput, toCustomer } from './customer.ts';

export const getCustomerInput = z.object({ providerId, customerId });
export const getCustomerOutput = customerOutput;

/** One customer, for its own people and its provider's. */
export async function getCustomer(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getCustomerInput>,
): Promise<CustomerOutput> {
  const target = parse(getCustomerInput, input);
  const access = await authorize(ctx, actor, target, 'read');
  const row = await read(ctx, access, (tx) =>
    tx.customer.findFirst({ where: { providerId: target.providerId, id: target.customerId } }),
  );
  if (!row) throw notFound();
  return toCustomer(row);
}
