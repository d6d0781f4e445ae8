import { nanoUsdText } from '@tollwright/contracts';
import { compareGrants } from '@tollwright/core';
import { fromDbPlanTerms } from '@tollwright/db';
import type { GrantedNode } from '@tollwright/state';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { countersOf } from '../budget/budget.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { type Balance, balancesOf, nodeOfBalance } from './balances.ts';
import { surelyLeft } from './burn.ts';
import { type CreditBalanceOutput, creditBalanceOutput } from './credit.ts';
import type { Lot } from './lots.ts';
import { lotsOfCustomer, pendingOf, storedDraws } from './pending.ts';

export const listCreditBalancesInput = z.object({ providerId, customerId });
export const listCreditBalancesOutput = z.object({
  items: z.array(creditBalanceOutput).meta({ description: 'Those that anything ever came into' }),
  prepaid: z.boolean().meta({ description: "Whether the customer's plan draws on them" }),
  packs: z
    .array(z.object({ key: z.string(), name: z.string(), priceNanoUsd: nanoUsdText, creditNanoUsd: nanoUsdText }))
    .meta({ description: 'What the plan sells credit in, beside any amount' }),
  topUpUrls: z.array(z.string()).meta({ description: 'Where the keys of the customer pay in, one for each API' }),
});

/** The prepaid credit of a customer and of its agents, with what calls have drawn of it. */
export async function listCreditBalances(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listCreditBalancesInput>,
): Promise<z.output<typeof listCreditBalancesOutput>> {
  const wanted = parse(listCreditBalancesInput, input);
  const { providerId, customerId } = wanted;
  const access = await authorize(ctx, actor, wanted, 'read');
  const found = await read(ctx, access, async (tx) => {
    const balances = await balancesOf(tx, providerId, customerId);
    const agents = await tx.agent.findMany({ where: { providerId, customerId }, select: { id: true, name: true } });
    const subscription = await tx.subscription.findFirst({
      where: { providerId, customerId, status: 'active' },
      include: { planVersion: true },
    });
    const provider = await tx.provider.findUniqueOrThrow({ where: { id: providerId } });
    const apis = await tx.api.findMany({ where: { providerId }, orderBy: { slug: 'asc' }, select: { slug: true } });
    const stored = await storedDraws(tx, providerId, customerId);
    const { lots, overdrawn } = await lotsOfCustomer(tx, providerId, customerId);
    return {
      balances,
      stored,
      lots,
      overdrawn,
      agents,
      terms: subscription?.planVersion.terms,
      slug: provider.slug,
      apis,
    };
  });
  const prepaid = found.terms === undefined ? null : (fromDbPlanTerms(found.terms).prepaid ?? null);
  const counters = await countersOf(ctx, customerId);
  const names = new Map(found.agents.map(({ id, name }) => [id, name]));
  const { gatewayUrl } = ctx.publicUrls;
  return {
    items: found.balances
      .map((balance) => {
        const node = nodeOfBalance(balance);
        const pending =
          pendingOf(counters?.get(node), found.stored.get(node) ?? 0n) + (found.overdrawn.get(node) ?? 0n);
        const own = found.lots.filter((lot) => lot.node === node);
        return { ...toBalance(balance, names, counters), grants: burningOf(surelyLeft(pending, own)) };
      })
      .sort((a, b) => (a.agentName ?? '').localeCompare(b.agentName ?? '')),
    prepaid: prepaid !== null,
    packs: (prepaid?.packs ?? []).map(({ key, name, priceNanoUsd, creditNanoUsd }) => {
      return { key, name, priceNanoUsd: priceNanoUsd.toString(), creditNanoUsd: creditNanoUsd.toString() };
    }),
    topUpUrls: prepaid === null ? [] : found.apis.map(({ slug }) => `${gatewayUrl}/${found.slug}/${slug}/_tw/credits`),
  };
}

function burningOf(lots: readonly Lot[]): CreditBalanceOutput['grants'] {
  const left = lots.filter(({ leftNanoUsd }) => leftNanoUsd > 0n).sort(compareGrants);
  return left.map(({ id, promotional, priority, expiresAtMs, leftNanoUsd }) => ({
    ...{ id, priority, leftNanoUsd: leftNanoUsd.toString() },
    kind: promotional ? 'promotional' : 'paid',
    expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString(),
  }));
}

function toBalance(
  balance: Balance,
  names: ReadonlyMap<string, string>,
  counters: ReadonlyMap<string, GrantedNode> | null,
): Omit<CreditBalanceOutput, 'grants'> {
  const { agentId, livemode, paidInNanoUsd } = balance;
  const { spent = 0n, held = 0n } = counters?.get(nodeOfBalance(balance)) ?? {};
  const rest = paidInNanoUsd - spent - held;
  return {
    agentId,
    agentName: agentId === null ? null : (names.get(agentId) ?? agentId),
    livemode,
    paidInNanoUsd: paidInNanoUsd.toString(),
    now: counters && {
      drawnNanoUsd: spent.toString(),
      heldNanoUsd: held.toString(),
      remainingNanoUsd: (rest > 0n ? rest : 0n).toString(),
    },
  };
}
