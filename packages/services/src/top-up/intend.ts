import { makeId } from '@tollwright/core';
import { type DbTopUpRule, fromDbPlanTerms, type Tx, withTenant } from '@tollwright/db';
import { countersOf } from '../budget/budget.ts';
import { sendSoon } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { balancesOf, nodeOfBalance } from '../credit/balances.ts';
import { chargedIn } from './charges.ts';
import { mailOwners } from './mail-owners.ts';
import { monthOf } from './top-up.ts';

/**
 * What looking at a rule's balance came to. `later`: nobody can tell now, or calls under way may still draw too much. `kept-back`: the cap
 * of the month allows no more.
 */
export type Intended = 'intended' | 'enough' | 'later' | 'kept-back' | 'not-possible';

/**
 * Looks at a rule's balance, and where it is too low writes down that it is charged, before anybody is asked for money. The rule's row
 * is locked, so that cap and order hold whoever looks at once.
 */
export async function intendTopUp(ctx: ServiceContext, seen: DbTopUpRule): Promise<Intended> {
  const { id, providerId, customerId } = seen;
  const counters = await countersOf(ctx, customerId);
  if (counters === null) return 'later';
  const { spent = 0n, held = 0n } = counters.get(nodeOfBalance(seen)) ?? {};
  const sent: string[] = [];
  const intended = await withTenant(ctx.db, { providerId, customerId: '*' }, async (tx): Promise<Intended> => {
    await tx.$queryRaw`SELECT 1 FROM top_up_rule WHERE id = ${id} FOR UPDATE`;
    const rule = await tx.topUpRule.findUniqueOrThrow({ where: { id } });
    // Marked again meanwhile: what was read of the counters may be older.
    if (rule.pausedBy !== null || rule.checkAt?.getTime() !== seen.checkAt?.getTime()) return 'later';
    const looked = (checkAt: Date | null) => tx.topUpRule.update({ where: { id }, data: { checkAt } });
    const balances = await balancesOf(tx, providerId, customerId);
    const own = balances.find((one) => one.agentId === rule.agentId && one.livemode === rule.livemode);
    const left = (own?.paidInNanoUsd ?? 0n) - spent;
    if (left >= rule.belowNanoUsd) {
      if (left - held < rule.belowNanoUsd) return 'later';
      await looked(null);
      return 'enough';
    }
    const card = await cardOf(tx, rule);
    const open = await tx.topUpCharge.count({ where: { ruleId: id, state: 'intended' } });
    if (card === null || open > 0 || !(await isPrepaid(tx, rule))) {
      await looked(null);
      return 'not-possible';
    }
    const { month, nextAt } = monthOf(ctx.clock());
    if ((await chargedIn(tx, id, month)) + rule.priceNanoUsd > rule.monthlyCapNanoUsd) {
      await looked(nextAt);
      if (rule.cappedMonth !== month) sent.push(...(await keepBack(tx, ctx, rule, month)));
      return 'kept-back';
    }
    await writeIntent(tx, ctx, rule, card.id, month);
    await looked(null);
    return 'intended';
  });
  await sendSoon(ctx, sent);
  return intended;
}

function cardOf(tx: Tx, { providerId, customerId, livemode }: DbTopUpRule) {
  return tx.creditCard.findFirst({
    where: { providerId, customerId, livemode, savedAt: { not: null }, removedAt: null },
  });
}

async function isPrepaid(tx: Tx, { providerId, customerId }: DbTopUpRule): Promise<boolean> {
  const subscription = await tx.subscription.findFirst({
    where: { providerId, customerId, status: 'active' },
    include: { planVersion: true },
  });
  return subscription !== null && (fromDbPlanTerms(subscription.planVersion.terms).prepaid ?? null) !== null;
}

/** The owner is told once a month. */
async function keepBack(tx: Tx, ctx: ServiceContext, rule: DbTopUpRule, month: string): Promise<string[]> {
  await tx.topUpRule.update({ where: { id: rule.id }, data: { cappedMonth: month } });
  return mailOwners(tx, ctx, rule, {
    subject: 'Your credit is not topped up any more this month',
    text: 'The balance is low, and the monthly cap that you set allows no further charge. Raise the cap, or pay in by hand.',
  });
}

async function writeIntent(tx: Tx, ctx: ServiceContext, rule: DbTopUpRule, cardId: string, month: string) {
  const { id: ruleId, providerId, customerId, agentId, livemode, priceNanoUsd, creditNanoUsd } = rule;
  const period = 1 + (await tx.topUpCharge.count({ where: { ruleId, state: 'settled' } }));
  const attempt = 1 + (await tx.topUpCharge.count({ where: { ruleId, period } }));
  const balance = `${customerId}_${agentId ?? 'all'}_${livemode ? 'live' : 'test'}`;
  await tx.topUpCharge.create({
    data: {
      id: makeId('topUpCharge', ctx.clock(), ctx.random(10)),
      paymentId: makeId('payment', ctx.clock(), ctx.random(10)),
      idempotencyKey: `top-up_${balance}_${period}_${attempt}`,
      ...{ providerId, customerId, ruleId, agentId, livemode, cardId, month, period, attempt },
      ...{ priceNanoUsd, creditNanoUsd, state: 'intended', createdAt: new Date(ctx.clock()) },
    },
  });
}
