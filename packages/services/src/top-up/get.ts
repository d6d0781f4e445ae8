import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { chargedIn } from './charges.ts';
import { accountNow } from './stripe-of.ts';
import {
  creditCardOutput,
  monthOf,
  type TopUpRuleOutput,
  toCreditCard,
  topUpChargeOutput,
  topUpLivemode,
  topUpRuleOutput,
  toTopUpCharge,
  toTopUpRule,
} from './top-up.ts';

export const getTopUpsInput = z.object({ providerId, customerId, livemode: topUpLivemode });
export const getTopUpsOutput = z.object({
  takesCards: z.boolean().meta({ description: 'Whether the provider has an account at Stripe for it' }),
  card: creditCardOutput.nullable(),
  rules: z.array(topUpRuleOutput),
  charges: z.array(topUpChargeOutput).meta({ description: 'The newest 50, newest first' }),
});

/** How a customer's balances are topped up: its saved card, its rules, and what they charged. */
export async function getTopUps(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getTopUpsInput>,
): Promise<z.output<typeof getTopUpsOutput>> {
  const { providerId, customerId, livemode = true } = parse(getTopUpsInput, input);
  const access = await authorize(ctx, actor, { providerId, customerId }, 'read');
  const { month } = monthOf(ctx.clock());
  return read(ctx, access, async (tx) => {
    const where = { providerId, customerId, livemode };
    const card = await tx.creditCard.findFirst({ where: { ...where, savedAt: { not: null }, removedAt: null } });
    const rules = await tx.topUpRule.findMany({ where, orderBy: { id: 'asc' } });
    const charges = await tx.topUpCharge.findMany({ where, orderBy: { id: 'desc' }, take: 50 });
    const shown: TopUpRuleOutput[] = [];
    for (const rule of rules) shown.push(toTopUpRule(rule, await chargedIn(tx, rule.id, month), month));
    return {
      takesCards: (await accountNow(tx, providerId, livemode)) !== null,
      card: card === null ? null : toCreditCard(card),
      rules: shown,
      charges: charges.map(toTopUpCharge),
    };
  });
}
