import { formatUsd, NANO_USD_MAX, STRIPE_MINIMUM_NANO_USD } from '@tollwright/core';
import { fromDbPlanTerms, type Tx } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, moneyText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { conflict, invalid, notFound } from '../refusals.ts';
import { chargedIn } from './charges.ts';
import { monthOf, requireCustomers, topUpLivemode, topUpRuleOutput, toTopUpRule } from './top-up.ts';

export const setTopUpInput = z.object({
  providerId,
  customerId,
  agentId: idText.optional().meta({ description: "An agent's own balance; the customer's when it is left out" }),
  livemode: topUpLivemode,
  belowNanoUsd: moneyText.meta({ description: 'Below this the balance is topped up; > 0' }),
  amountNanoUsd: moneyText.optional().meta({ description: 'Pays as much credit, in whole cents; or a pack' }),
  pack: z.string().min(1).max(64).optional().meta({ description: 'A pack of the plan, instead of an amount' }),
  monthlyCapNanoUsd: moneyText.meta({ description: 'The most that is charged in a calendar month of UTC' }),
});
export const setTopUpOutput = topUpRuleOutput;

const CENT = 10_000_000n;

/**
 * Has a balance topped up from the saved card whenever it falls below an amount. It goes on if it was paused. The cap counts what this
 * month has charged already.
 */
export async function setTopUp(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof setTopUpInput>,
): Promise<z.output<typeof setTopUpOutput>> {
  const wanted = parse(setTopUpInput, input);
  const { providerId, customerId, agentId = null, livemode = true } = wanted;
  const access = await authorize(ctx, actor, { providerId, customerId }, 'write');
  requireCustomers(access, actor);
  return change(ctx, access, async (step) => {
    const { tx, now } = step;
    await tx.$queryRaw`SELECT 1 FROM customer WHERE id = ${customerId} FOR UPDATE`;
    if (agentId !== null && (await tx.agent.count({ where: { providerId, customerId, id: agentId } })) === 0) {
      throw notFound();
    }
    const bought = await boughtBy(tx, wanted);
    const [below, cap] = [BigInt(wanted.belowNanoUsd), BigInt(wanted.monthlyCapNanoUsd)];
    if (below <= 0n || below > NANO_USD_MAX)
      throw invalid('belowNanoUsd', 'must be above 0 and no more than a balance holds');
    if (cap < bought.priceNanoUsd || cap > NANO_USD_MAX) {
      throw invalid('monthlyCapNanoUsd', 'must be at least what is charged at once');
    }
    const standing = await tx.topUpRule.findFirst({ where: { providerId, customerId, agentId, livemode } });
    const terms = {
      ...{ ...bought, belowNanoUsd: below, monthlyCapNanoUsd: cap },
      ...{ pausedBy: null, pausedReason: null, cappedMonth: null, checkAt: now, updatedAt: now },
    };
    const id = standing?.id ?? step.id('topUpRule');
    const row =
      standing === null
        ? await tx.topUpRule.create({
            data: { id, providerId, customerId, agentId, livemode, ...terms, createdAt: now },
          })
        : await tx.topUpRule.update({ where: { id }, data: terms });
    const { month } = monthOf(ctx.clock());
    const charged = await chargedIn(tx, id, month);
    const [before, after] = [standing && toTopUpRule(standing, charged, month), toTopUpRule(row, charged, month)];
    await step.audit({ action: 'top-up.set', targetId: id, ...(before === null ? {} : { before }), after });
    return after;
  });
}

/** What is bought each time, as the customer's plan sells it now. A card is charged whole cents. */
async function boughtBy(
  tx: Tx,
  { providerId, customerId, amountNanoUsd, pack: wantedPack }: z.output<typeof setTopUpInput>,
) {
  const pack = wantedPack ?? null;
  const subscription = await tx.subscription.findFirst({
    where: { providerId, customerId, status: 'active' },
    include: { planVersion: true },
  });
  const prepaid = subscription === null ? null : (fromDbPlanTerms(subscription.planVersion.terms).prepaid ?? null);
  if (prepaid === null) throw conflict('The plan draws nothing from prepaid credit.');
  if ((amountNanoUsd === undefined) === (pack === null))
    throw invalid('amountNanoUsd', 'send either an amount or a pack');
  const sold = prepaid.packs.find(({ key }) => key === pack);
  if (pack !== null && sold === undefined) throw invalid('pack', `the plan has no pack ${pack}`);
  const priceNanoUsd = BigInt(sold?.priceNanoUsd ?? amountNanoUsd ?? 0);
  const path = pack === null ? 'amountNanoUsd' : 'pack';
  if (priceNanoUsd < STRIPE_MINIMUM_NANO_USD || priceNanoUsd > PRICE_MAX) {
    const [least, most] = [formatUsd(STRIPE_MINIMUM_NANO_USD), PRICE_MAX / 1_000_000_000n];
    throw invalid(path, `must be at least ${least} and at most ${most} USD for a card`);
  }
  if (priceNanoUsd % CENT !== 0n) throw invalid(path, 'must be whole cents');
  return { pack, priceNanoUsd, creditNanoUsd: BigInt(sold?.creditNanoUsd ?? priceNanoUsd) };
}

const PRICE_MAX = 100_000n * 1_000_000_000n;
