import { period as budgetPeriod, nanoUsdText } from '@tollwright/contracts';
import { periodAt } from '@tollwright/core';
import { sql, type Tx } from '@tollwright/db';
import type { GrantedNode } from '@tollwright/state';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { subjectNames } from '../budget/subject-names.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { SUMS, type SummedRow, toFigures, usageFigures } from './figures.ts';
import { rollupCondition } from './filter.ts';
import { quotaState, quotaStates } from './quota-states.ts';

export const customerHomeInput = z.object({ providerId, customerId, livemode: z.boolean().optional() });

const budgetState = z.object({
  budgetId: z.string(),
  subject: z.enum(['customer', 'project', 'agent', 'key']),
  subjectId: z.string(),
  name: z.string(),
  limitNanoUsd: nanoUsdText,
  period: z.string(),
  /** True: calls go on beyond the limit. */
  soft: z.boolean(),
  periodId: z.string(),
  /** Null for a budget that never starts again. */
  endsAt: z.string().nullable(),
  /** Charged in the running period. */
  spentNanoUsd: nanoUsdText,
  /** Reserved by running calls, which may release it. */
  heldNanoUsd: nanoUsdText,
});

export const customerHomeOutput = usageFigures.extend({
  /** The running month, UTC. The usage figures are of this month. */
  month: z.string(),
  from: z.string(),
  to: z.string(),
  /** Plan fees posted this month; not part of chargedNanoUsd. */
  feesNanoUsd: nanoUsdText,
  /** Everything that the customer owes: its open invoices, and what is on none yet. */
  owedNanoUsd: nanoUsdText,
  activeAgents: z.int(),
  agents: z.int(),
  budgets: z.array(budgetState),
  /** Of the active plan. */
  quotas: z.array(quotaState),
});

const BUDGETS_MAX = 1_000;

/** The figures of an agent owner's first page: this month's spending, and how full budgets and quotas are at this moment. */
export async function customerHome(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof customerHomeInput>,
): Promise<z.output<typeof customerHomeOutput>> {
  const wanted = parse(customerHomeInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const month = periodAt('month', ctx.clock());
  const range = { from: new Date(month.startsAtMs), to: new Date(month.endsAtMs ?? ctx.clock()) };
  const nodes = await ctx.state.counters.read(`c:${wanted.customerId}`);
  return read(ctx, access, async (tx) => {
    const livemode = wanted.livemode ?? true;
    const where = rollupCondition({ ...wanted, livemode }, range);
    const [usage] = await tx.$queryRaw<(SummedRow & { agents: bigint })[]>(sql`
      SELECT ${SUMS}, count(DISTINCT nullif(r.agent_id, '')) AS agents FROM usage_rollup r WHERE ${where}`);
    if (usage === undefined) throw new Error('a sum answers one row');
    return {
      month: month.id,
      from: range.from.toISOString(),
      to: range.to.toISOString(),
      ...toFigures(usage),
      feesNanoUsd: await feesIn(tx, wanted.customerId, range),
      owedNanoUsd: await owedBy(tx, wanted.customerId, livemode),
      activeAgents: Number(usage.agents),
      agents: await tx.agent.count({ where: { customerId: wanted.customerId, archivedAt: null } }),
      budgets: await budgetsOf(tx, wanted.customerId, nodes, ctx.clock()),
      quotas: await quotaStates(tx, wanted.customerId, nodes, ctx.clock()),
    };
  });
}

async function feesIn(tx: Tx, customer: string, range: { from: Date; to: Date }): Promise<string> {
  const [row] = await tx.$queryRaw<{ total: bigint }[]>(sql`
    SELECT coalesce(sum(p.amount_nano_usd), 0)::bigint AS total
    FROM ledger_transfer t JOIN ledger_posting p ON p.transfer_id = t.id
    WHERE t.customer_id = ${customer} AND t.kind NOT IN ('usage', 'payment', 'top-up', 'credit-grant', 'refund') AND p.amount_nano_usd > 0
      AND t.occurred_at >= ${range.from.toISOString()}::timestamptz
      AND t.occurred_at < ${range.to.toISOString()}::timestamptz`);
  return (row?.total ?? 0n).toString();
}

async function owedBy(tx: Tx, customer: string, livemode: boolean): Promise<string> {
  const [row] = await tx.$queryRaw<{ total: bigint }[]>(sql`
    SELECT coalesce(sum(p.amount_nano_usd), 0)::bigint AS total
    FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
    WHERE a.customer_id = ${customer} AND a.kind = 'receivable' AND a.livemode = ${livemode}`);
  return (row?.total ?? 0n).toString();
}

async function budgetsOf(tx: Tx, customer: string, nodes: readonly GrantedNode[], nowMs: number) {
  const rows = await tx.budget.findMany({
    where: { customerId: customer },
    orderBy: [{ subject: 'asc' }, { id: 'asc' }],
    take: BUDGETS_MAX,
  });
  const names = await subjectNames(tx, [customer]);
  return rows.map((row) => {
    const period = budgetPeriod.parse(row.period);
    const running = periodAt(period, nowMs);
    const node = nodes.find((one) => one.node === `budget:${row.id}` && one.period === period);
    return {
      budgetId: row.id,
      subject: row.subject,
      subjectId: row.subjectId,
      name: names.get(row.subjectId) ?? row.subjectId,
      limitNanoUsd: row.limitNanoUsd.toString(),
      period,
      soft: row.soft,
      periodId: node?.periodId ?? running.id,
      endsAt: running.endsAtMs === null ? null : new Date(running.endsAtMs).toISOString(),
      spentNanoUsd: (node?.spent ?? 0n).toString(),
      heldNanoUsd: (node?.held ?? 0n).toString(),
    };
  });
}
