import { slug } from '@tollwright/contracts';
import { makeId, ProblemError } from '@tollwright/core';
import { findProviderBySlug } from '@tollwright/db';
import { z } from 'zod';
import { getUser } from '../account/user.ts';
import { type Actor, actorName } from '../actor.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { displayName } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { type CustomerOutput, customerOutput, toCustomer } from './customer.ts';

export const signUpCustomerInput = z.object({ providerSlug: slug, name: displayName });
export const signUpCustomerOutput = customerOutput;

/** Makes the signed-in person the owner of a new customer of a provider. */
export async function signUpCustomer(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof signUpCustomerInput>,
): Promise<CustomerOutput> {
  const wanted = parse(signUpCustomerInput, input);
  const user = actor.kind === 'user' ? await getUser(ctx, actor.userId) : null;
  if (!user)
    throw new ProblemError({ slug: 'not-signed-in', detail: 'Only a signed-in person can become a customer.' });
  const provider = await findProviderBySlug(ctx.db, wanted.providerSlug);
  if (!provider || provider.archivedAt !== null) throw notFound();
  const customerId = makeId('customer', ctx.clock(), ctx.random(10));
  const access = {
    actor: actorName(actor),
    tenant: { providerId: provider.id, customerId, userId: user.id },
    providerId: provider.id,
    customerId,
    level: 'customer' as const,
  };
  return change(ctx, access, async (step) => {
    const { name } = wanted;
    const row = await step.tx.customer.create({
      data: {
        id: customerId,
        providerId: provider.id,
        name,
        timeZone: user.timeZone,
        locale: user.locale,
        createdAt: step.now,
      },
    });
    await step.tx.membership.create({
      data: {
        id: step.id('membership'),
        userId: user.id,
        providerId: provider.id,
        customerId,
        role: 'owner',
        createdAt: step.now,
      },
    });
    await step.audit({ action: 'customer.sign-up', targetId: customerId, after: { name } });
    await step.publishCustomer(customerId);
    return toCustomer(row);
  });
}
