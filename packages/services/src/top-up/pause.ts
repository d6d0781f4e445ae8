import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { chargedIn } from './charges.ts';
import { monthOf, requireCustomers, topUpRuleOutput, toTopUpRule } from './top-up.ts';

export const pauseTopUpInput = z.object({ providerId, customerId, ruleId: idText, paused: z.boolean() });
export const pauseTopUpOutput = topUpRuleOutput;

/** Stops topping a balance up, or goes on. The provider may stop it; only the customer's own people go on. */
export async function pauseTopUp(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof pauseTopUpInput>,
): Promise<z.output<typeof pauseTopUpOutput>> {
  const { providerId, customerId, ruleId: id, paused } = parse(pauseTopUpInput, input);
  const access = await authorize(ctx, actor, { providerId, customerId }, 'write');
  if (!paused) requireCustomers(access, actor);
  return change(ctx, access, async (step) => {
    const standing = await step.tx.topUpRule.findFirst({ where: { providerId, customerId, id } });
    if (standing === null) throw notFound();
    const pausedBy = access.level === 'customer' ? 'owner' : 'provider';
    const data = paused ? { pausedBy } : { pausedBy: null, checkAt: step.now };
    const row = await step.tx.topUpRule.update({
      where: { id },
      data: { ...data, pausedReason: null, updatedAt: step.now },
    });
    const { month } = monthOf(ctx.clock());
    const after = toTopUpRule(row, await chargedIn(step.tx, id, month), month);
    await step.audit({ action: paused ? 'top-up.pause' : 'top-up.resume', targetId: id, after });
    return after;
  });
}
