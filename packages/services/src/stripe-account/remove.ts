import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { type StripeAccountOutput, stripeAccountOutput, toStripeAccount } from './stripe-account.ts';

export const removeStripeAccountInput = z.object({ providerId, stripeAccountId: idText });
export const removeStripeAccountOutput = stripeAccountOutput;

/** Stops taking card payments. Those that are under way are still found out about. */
export async function removeStripeAccount(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof removeStripeAccountInput>,
): Promise<StripeAccountOutput> {
  const { providerId, stripeAccountId: id } = parse(removeStripeAccountInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const row = await step.tx.stripeAccount.findFirst({ where: { providerId, id, archivedAt: null } });
    if (!row) throw notFound();
    await step.tx.stripeAccount.update({ where: { id }, data: { archivedAt: step.now } });
    await step.audit({ action: 'stripe-account.remove', targetId: id });
    await step.publishAllApis();
    return toStripeAccount(row);
  });
}
