import {
  lossOfPayment,
  PAYMENT_RAILS,
  type PaymentLoss,
  type PaymentRail,
  paymentLoss,
  paymentState,
} from '@tollwright/contracts';
import { joinSql, type Sql, sql, type Tx } from '@tollwright/db';
import type { Range } from '../usage/filter.ts';
import type { FunnelFigures, PaymentFunnel } from './funnel.ts';
import { isPaid } from './payment-transfer.ts';

export interface FunnelScope {
  readonly providerId: string;
  readonly apiId: string | undefined;
  readonly livemode: boolean;
  readonly range: Range;
}

interface TallyRow {
  readonly step: string;
  readonly rail: string;
  readonly loss: string;
  readonly count: bigint;
}
interface PaymentRow {
  readonly rail: string;
  readonly state: string;
  readonly reason: string | null;
  readonly count: bigint;
  readonly served: bigint;
  readonly price_nano_usd: bigint;
}
/** `rail` null is the row of all rails. */
interface SettlementRow {
  readonly rail: string | null;
  readonly count: bigint;
  readonly quantiles: readonly [number, number] | null;
}
interface RefundRow {
  readonly rail: string;
  readonly state: string;
  readonly count: bigint;
  readonly amount_nano_usd: bigint;
}
interface ExposureRow {
  readonly rail: PaymentRail;
  readonly count: bigint;
  readonly amount_nano_usd: bigint;
  readonly oldest_at: Date;
}
interface Rows {
  readonly tallies: readonly TallyRow[];
  readonly payments: readonly PaymentRow[];
  readonly settlements: readonly SettlementRow[];
  readonly refunds: readonly RefundRow[];
}

/** Reads the funnel of all rails and of each. */
export async function readFunnel(tx: Tx, scope: FunnelScope): Promise<Omit<PaymentFunnel, 'from' | 'to'>> {
  const rows: Rows = {
    tallies: await tx.$queryRaw(talliesOf(scope)),
    payments: await tx.$queryRaw(paymentsOf(scope)),
    settlements: await tx.$queryRaw(settlementsOf(scope)),
    refunds: await tx.$queryRaw(refundsOf(scope)),
  };
  const unsettled = await tx.$queryRaw<ExposureRow[]>(unsettledOf(scope));
  const named = new Set([...rows.tallies, ...rows.payments, ...rows.refunds].map(({ rail }) => rail));
  return {
    total: figuresOf(rows, null),
    rails: PAYMENT_RAILS.filter((rail) => named.has(rail)).map((rail) => ({ rail, ...figuresOf(rows, rail) })),
    unsettled: unsettled.map((row) => ({
      ...{ rail: row.rail, count: Number(row.count), amountNanoUsd: row.amount_nano_usd.toString() },
      oldestAt: row.oldest_at.toISOString(),
    })),
  };
}

function figuresOf(rows: Rows, rail: PaymentRail | null): FunnelFigures {
  const of = <Row extends { readonly rail: string | null }>(all: readonly Row[]) =>
    rail === null ? all : all.filter((row) => row.rail === rail);
  const asked = rows.tallies.filter((row) => row.step === 'asked' && row.rail === (rail ?? ''));
  const refused = of(rows.tallies).filter(({ step }) => step === 'refused');
  const payments = of(rows.payments);
  const paid = payments.filter(({ state }) => isPaid(paymentState.parse(state)));
  const shown = total(refused) + total(payments);
  const losses = new Map<string, number>();
  const lose = (step: 'shown' | 'paid', loss: PaymentLoss, count: number) =>
    losses.set(`${step} ${loss}`, (losses.get(`${step} ${loss}`) ?? 0) + count);
  for (const { loss, count } of refused) lose('shown', paymentLoss.parse(loss), Number(count));
  for (const row of payments) {
    const state = paymentState.parse(row.state);
    if (isPaid(state)) {
      if (row.count > row.served) lose('paid', 'not-served', Number(row.count - row.served));
      continue;
    }
    const loss = lossOfPayment({ state, reason: row.reason });
    if (loss !== null) lose('shown', loss, Number(row.count));
  }
  const listed = [...losses].map(([name, count]) => {
    const [step, loss] = name.split(' ');
    return { step: step as 'shown' | 'paid', loss: paymentLoss.parse(loss), count };
  });
  listed.sort((a, b) => b.count - a.count);
  const lost = listed.filter(({ step }) => step === 'shown').reduce((sum, { count }) => sum + count, 0);
  return {
    asked: total(asked),
    shown,
    paid: total(paid),
    served: Number(paid.reduce((sum, row) => sum + row.served, 0n)),
    underWay: shown - total(paid) - lost,
    paidNanoUsd: paid.reduce((sum, row) => sum + row.price_nano_usd, 0n).toString(),
    losses: listed,
    settlement: settlementOf(rows.settlements.find((row) => row.rail === rail)),
    refunds: refundFigures(of(rows.refunds)),
  };
}

function total(rows: readonly { readonly count: bigint }[]): number {
  return Number(rows.reduce((sum, { count }) => sum + count, 0n));
}

function settlementOf(row: SettlementRow | undefined): FunnelFigures['settlement'] {
  if (row === undefined || row.quantiles === null) return null;
  const [p50Ms, p99Ms] = row.quantiles;
  return { count: Number(row.count), p50Ms, p99Ms };
}

function refundFigures(rows: readonly RefundRow[]): FunnelFigures['refunds'] {
  const refunded = rows.filter(({ state }) => state === 'refunded');
  return {
    count: total(refunded),
    refundedNanoUsd: refunded.reduce((sum, row) => sum + row.amount_nano_usd, 0n).toString(),
    waiting: total(rows.filter(({ state }) => state === 'planned' || state === 'signed')),
    failed: total(rows.filter(({ state }) => state === 'failed')),
  };
}

function within(scope: FunnelScope, moment: Sql, column: (name: 'provider_id' | 'livemode' | 'api_id') => Sql): Sql {
  const { from, to } = scope.range;
  return joinSql(
    [
      sql`${column('provider_id')} = ${scope.providerId}`,
      sql`${column('livemode')} = ${scope.livemode}`,
      sql`${moment} >= ${from.toISOString()}::timestamptz AND ${moment} < ${to.toISOString()}::timestamptz`,
      ...(scope.apiId === undefined ? [] : [sql`${column('api_id')} = ${scope.apiId}`]),
    ],
    ' AND ',
  );
}

const ofTally = { provider_id: sql`t.provider_id`, livemode: sql`t.livemode`, api_id: sql`t.api_id` };
const ofPayment = { provider_id: sql`p.provider_id`, livemode: sql`p.livemode`, api_id: sql`p.api_id` };

function talliesOf(scope: FunnelScope): Sql {
  return sql`SELECT t.step, t.rail, t.loss, sum(t.count)::bigint AS count FROM payment_tally t
    WHERE ${within(scope, sql`t.bucket_at`, (name) => ofTally[name])} GROUP BY 1, 2, 3`;
}

function paymentsOf(scope: FunnelScope): Sql {
  return sql`SELECT p.rail, p.state, left(p.reason, 80) AS reason, count(*) AS count, sum(p.price_nano_usd)::bigint AS price_nano_usd,
      count(*) FILTER (WHERE EXISTS (SELECT 1 FROM usage_event e WHERE e.request_id = p.request_id AND e.payment_id = p.id
        AND e.decision = 'forwarded' AND e.status BETWEEN 200 AND 299)) AS served
    FROM payment p WHERE ${within(scope, sql`p.occurred_at`, (name) => ofPayment[name])} GROUP BY 1, 2, 3`;
}

function settlementsOf(scope: FunnelScope): Sql {
  return sql`SELECT p.rail, count(*) AS count, percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (
      ORDER BY extract(epoch FROM p.settled_at - p.verified_at)::double precision * 1000) AS quantiles
    FROM payment p WHERE ${within(scope, sql`p.occurred_at`, (name) => ofPayment[name])}
      AND p.verified_at IS NOT NULL AND p.settled_at >= p.verified_at
    GROUP BY GROUPING SETS ((p.rail), ())`;
}

function refundsOf(scope: FunnelScope): Sql {
  return sql`SELECT p.rail, f.state, count(*) AS count, sum(f.amount_nano_usd)::bigint AS amount_nano_usd
    FROM refund f JOIN payment p ON p.id = f.payment_id
    WHERE ${within(scope, sql`f.created_at`, (name) => ofPayment[name])} GROUP BY 1, 2`;
}

function unsettledOf({ providerId, livemode, apiId }: FunnelScope): Sql {
  const ofApi = apiId === undefined ? sql`true` : sql`p.api_id = ${apiId}`;
  return sql`SELECT p.rail, count(*) AS count, sum(p.price_nano_usd)::bigint AS amount_nano_usd, min(p.occurred_at) AS oldest_at
    FROM payment p WHERE p.provider_id = ${providerId} AND p.livemode = ${livemode} AND ${ofApi}
      AND p.state IN ('claimed', 'verified', 'served', 'settling', 'unknown')
    GROUP BY 1 ORDER BY 4`;
}
