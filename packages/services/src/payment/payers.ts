import { nanoUsdText } from '@tollwright/contracts';
import { sql, type Tx } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId, timestamp } from '../fields.ts';
import { parse } from '../parse.ts';
import { rangeOf } from '../usage/filter.ts';

export const listPayersInput = z.object({
  providerId,
  from: timestamp.optional().meta({ description: 'Start, moved back to a quarter of an hour. Default: 7 days before' }),
  to: timestamp.optional().meta({ description: 'End, not included, moved on to a quarter of an hour. Default: now' }),
  withoutOwn: z.boolean().optional().meta({ description: 'Leaves payments out that the provider made to itself' }),
  limit: z.int().min(1).max(200).optional().meta({ description: 'Default: 50' }),
  livemode: z.boolean().optional().meta({ description: 'Default: true' }),
});

const payerFigures = z.object({
  payments: z.int(),
  paidNanoUsd: nanoUsdText,
  /** What went back of these payments, whenever it did. */
  refundedNanoUsd: nanoUsdText,
});

export const listPayersOutput = z.object({
  from: z.string(),
  to: z.string(),
  payers: z.int(),
  /** Of all payers, not only of those listed. */
  total: payerFigures,
  /** What the provider paid to itself in the period, whether it is listed or not. */
  own: payerFigures,
  items: z.array(
    payerFigures.extend({
      /** An address in lower case; empty for all whom only a processor knows. */
      payer: z.string(),
      rails: z.array(z.string()),
      /** The provider's own receiving address, or one that refunds come from. */
      isOwn: z.boolean(),
      /** When it first paid, also before the period; and when last in it. */
      firstAt: z.string(),
      lastAt: z.string(),
    }),
  ),
});

interface Row {
  readonly payer: string;
  readonly rails: string[];
  readonly is_own: boolean;
  readonly payments: bigint;
  readonly paid_nano_usd: bigint;
  readonly refunded_nano_usd: bigint;
  readonly last_at: Date;
}

/** Who paid for calls in a period, by what they paid: settled payments, also those that went back later. */
export async function listPayers(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listPayersInput>,
): Promise<z.output<typeof listPayersOutput>> {
  const wanted = parse(listPayersInput, input);
  const { providerId, withoutOwn = false, limit = 50, livemode = true } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'read');
  const { from, to } = rangeOf(wanted, ctx.clock());
  return read(ctx, access, async (tx) => {
    const rows = await tx.$queryRaw<Row[]>(sql`
      WITH own AS (
        SELECT lower(pay_to) AS address FROM wallet WHERE provider_id = ${providerId}
        UNION SELECT lower(refund_from) FROM wallet WHERE provider_id = ${providerId} AND refund_from IS NOT NULL
      ), back AS (
        SELECT payment_id, sum(amount_nano_usd)::bigint AS amount FROM refund
        WHERE provider_id = ${providerId} AND state = 'refunded' GROUP BY 1
      ), paid AS (
        SELECT lower(p.payer) AS payer, array_agg(DISTINCT p.rail ORDER BY p.rail) AS rails, count(*) AS payments,
          sum(p.price_nano_usd)::bigint AS paid_nano_usd, coalesce(sum(back.amount), 0)::bigint AS refunded_nano_usd,
          max(p.occurred_at) AS last_at
        FROM payment p LEFT JOIN back ON back.payment_id = p.id
        WHERE p.provider_id = ${providerId} AND p.livemode = ${livemode}
          AND p.occurred_at >= ${from.toISOString()}::timestamptz AND p.occurred_at < ${to.toISOString()}::timestamptz
          AND p.state IN ('settled', 'refunding', 'refunded', 'credited')
        GROUP BY 1
      )
      SELECT paid.*, paid.payer IN (SELECT address FROM own) AS is_own FROM paid
      ORDER BY paid_nano_usd DESC, payments DESC, payer`);
    const counted = withoutOwn ? rows.filter((row) => !row.is_own) : rows;
    const shown = counted.slice(0, limit);
    const firstAt = await firstSeen(tx, { providerId, livemode }, shown);
    return {
      from: from.toISOString(),
      to: to.toISOString(),
      payers: counted.length,
      total: sumOf(counted),
      own: sumOf(rows.filter((row) => row.is_own)),
      items: shown.map((row) => ({
        ...{ payer: row.payer, rails: row.rails, isOwn: row.is_own, ...sumOf([row]) },
        firstAt: (firstAt.get(row.payer) ?? row.last_at).toISOString(),
        lastAt: row.last_at.toISOString(),
      })),
    };
  });
}

type Whose = { readonly providerId: string; readonly livemode: boolean };

async function firstSeen(tx: Tx, { providerId, livemode }: Whose, rows: readonly Row[]): Promise<Map<string, Date>> {
  const found = await tx.$queryRaw<{ payer: string; first_at: Date }[]>(sql`
    SELECT lower(p.payer) AS payer, min(p.occurred_at) AS first_at FROM payment p
    WHERE p.provider_id = ${providerId} AND p.livemode = ${livemode} AND lower(p.payer) = ANY(${rows.map(({ payer }) => payer)})
      AND p.state IN ('settled', 'refunding', 'refunded', 'credited')
    GROUP BY 1`);
  return new Map(found.map((row) => [row.payer, row.first_at]));
}

function sumOf(rows: readonly Row[]): z.output<typeof payerFigures> {
  const sum = (pick: (row: Row) => bigint) => rows.reduce((total, row) => total + pick(row), 0n);
  return {
    payments: Number(sum((row) => row.payments)),
    paidNanoUsd: sum((row) => row.paid_nano_usd).toString(),
    refundedNanoUsd: sum((row) => row.refunded_nano_usd).toString(),
  };
}
