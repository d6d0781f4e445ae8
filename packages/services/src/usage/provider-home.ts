import { signedNanoUsdText } from '@tollwright/contracts';
import { sql, type Tx } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId, timestamp } from '../fields.ts';
import { parse } from '../parse.ts';
import { bucketOf, bucketsBetween, timeZone, usageInterval } from './buckets.ts';
import { SUMS, type SummedRow, toFigures, usageFigures } from './figures.ts';
import { type Range, rangeOf, rollupCondition } from './filter.ts';

export const providerHomeInput = z.object({
  providerId,
  from: timestamp.optional(),
  to: timestamp.optional(),
  interval: usageInterval.optional().meta({ description: 'Default: day' }),
  timeZone: timeZone.optional(),
  livemode: z.boolean().optional(),
});

const revenueSplit = {
  /** All that was earned: usage + payments + fees. */
  revenueNanoUsd: signedNanoUsdText,
  usageNanoUsd: signedNanoUsdText,
  paymentsNanoUsd: signedNanoUsdText,
  feesNanoUsd: signedNanoUsdText,
};

export const providerHomeOutput = usageFigures.extend({
  from: z.string(),
  to: z.string(),
  ...revenueSplit,
  /** Agents with at least one call. */
  activeAgents: z.int(),
  activeCustomers: z.int(),
  settledPayments: z.int(),
  /** Payments whose outcome is not known yet, of all time. */
  unknownPayments: z.int(),
  revenue: z.array(z.object({ at: z.string(), ...revenueSplit })),
});
export type ProviderHome = z.output<typeof providerHomeOutput>;

interface RevenueRow {
  readonly at: Date;
  readonly kind: string;
  readonly earned: bigint;
}

/** The figures of a provider's first page. README.md says what each of them is. */
export async function providerHome(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof providerHomeInput>,
): Promise<ProviderHome> {
  const wanted = parse(providerHomeInput, input);
  const access = await authorize(ctx, actor, { providerId: wanted.providerId }, 'read');
  const range = rangeOf(wanted, ctx.clock());
  const livemode = wanted.livemode ?? true;
  const interval = wanted.interval ?? 'day';
  const zone = wanted.timeZone ?? 'UTC';
  return read(ctx, access, async (tx) => {
    const where = rollupCondition({ providerId: wanted.providerId, livemode }, range);
    const [usage] = await tx.$queryRaw<(SummedRow & { agents: bigint; customers: bigint })[]>(sql`
      SELECT ${SUMS}, count(DISTINCT nullif(r.agent_id, '')) AS agents,
        count(DISTINCT nullif(r.customer_id, '')) AS customers FROM usage_rollup r WHERE ${where}`);
    if (usage === undefined) throw new Error('a sum answers one row');
    const buckets = await tx.$queryRaw<{ at: Date }[]>(bucketsBetween(range, interval, zone));
    const earned = await earnedIn(tx, wanted.providerId, livemode, range, bucketOf(sql`t.occurred_at`, interval, zone));
    return {
      from: range.from.toISOString(),
      to: range.to.toISOString(),
      ...toFigures(usage),
      ...splitOf(earned),
      activeAgents: Number(usage.agents),
      activeCustomers: Number(usage.customers),
      ...(await paymentCounts(tx, wanted.providerId, livemode, range)),
      revenue: buckets.map(({ at }) => ({
        at: at.toISOString(),
        ...splitOf(earned.filter((row) => row.at.getTime() === at.getTime())),
      })),
    };
  });
}

function earnedIn(tx: Tx, provider: string, livemode: boolean, range: Range, at: ReturnType<typeof bucketOf>) {
  return tx.$queryRaw<RevenueRow[]>(sql`
    SELECT ${at} AS at, t.kind, -sum(p.amount_nano_usd)::bigint AS earned
    FROM ledger_transfer t
    JOIN ledger_posting p ON p.provider_id = t.provider_id AND p.transfer_id = t.id
    JOIN ledger_account a ON a.id = p.account_id AND a.kind = 'revenue' AND a.livemode = ${livemode}
    WHERE t.provider_id = ${provider} AND t.occurred_at >= ${range.from.toISOString()}::timestamptz
      AND t.occurred_at < ${range.to.toISOString()}::timestamptz
    GROUP BY 1, 2`);
}

function splitOf(rows: readonly RevenueRow[]) {
  const sum = (of: readonly RevenueRow[]) => of.reduce((total, row) => total + row.earned, 0n).toString();
  return {
    revenueNanoUsd: sum(rows),
    usageNanoUsd: sum(rows.filter((row) => row.kind === 'usage')),
    paymentsNanoUsd: sum(rows.filter((row) => row.kind === 'payment')),
    feesNanoUsd: sum(rows.filter((row) => row.kind !== 'usage' && row.kind !== 'payment')),
  };
}

async function paymentCounts(tx: Tx, provider: string, livemode: boolean, range: Range) {
  const occurredAt = { gte: range.from, lt: range.to };
  const settledPayments = await tx.payment.count({
    where: {
      providerId: provider,
      livemode,
      state: { in: ['settled', 'refunding', 'refunded', 'credited'] },
      occurredAt,
    },
  });
  const unknownPayments = await tx.payment.count({ where: { providerId: provider, livemode, state: 'unknown' } });
  return { settledPayments, unknownPayments };
}
