import { nanoUsdText, PAYMENT_RAILS, paymentLoss } from '@tollwright/contracts';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId, timestamp } from '../fields.ts';
import { parse } from '../parse.ts';
import { rangeOf } from '../usage/filter.ts';
import { readFunnel } from './funnel-rows.ts';

const rail = z.enum(PAYMENT_RAILS);

export const paymentFunnelInput = z.object({
  providerId,
  from: timestamp.optional().meta({ description: 'Start, moved back to a quarter of an hour. Default: 7 days before' }),
  to: timestamp.optional().meta({ description: 'End, not included, moved on to a quarter of an hour. Default: now' }),
  apiId: idText.optional(),
  livemode: z.boolean().optional().meta({ description: 'Default: true' }),
});

/** `asked` >= `shown` but for credentials that were made without a 402; `shown` = `paid` + `underWay` + its losses. */
export const funnelFigures = z.object({
  /** 402s that named the rail. */
  asked: z.int(),
  /** Credentials that were shown. */
  shown: z.int(),
  /** Payments that settled. */
  paid: z.int(),
  /** Payments whose call was answered well. */
  served: z.int(),
  /** Claimed, and not settled yet. */
  underWay: z.int(),
  paidNanoUsd: nanoUsdText,
  /** Why credentials did not become payments (`shown`), and payments not answers (`paid`); most frequent first. */
  losses: z.array(z.object({ step: z.enum(['shown', 'paid']), loss: paymentLoss, count: z.int() })),
  /** From the moment that a payment was found to be good until it was known to be settled. Null: none was timed. */
  settlement: z.object({ count: z.int(), p50Ms: z.number(), p99Ms: z.number() }).nullable(),
  refunds: z.object({ count: z.int(), refundedNanoUsd: nanoUsdText, waiting: z.int(), failed: z.int() }),
});
export type FunnelFigures = z.output<typeof funnelFigures>;

export const exposureFigures = z.object({
  rail,
  count: z.int(),
  amountNanoUsd: nanoUsdText,
  /** Of the oldest payment. */
  oldestAt: z.string(),
});

export const paymentFunnelOutput = z.object({
  from: z.string(),
  to: z.string(),
  /** Of all rails: a 402 that named several is counted once. */
  total: funnelFigures,
  /** Rails that anything happened on. */
  rails: z.array(funnelFigures.extend({ rail })),
  /** What is claimed, and neither settled nor given up, now: whatever the period. */
  unsettled: z.array(exposureFigures),
});
export type PaymentFunnel = z.output<typeof paymentFunnelOutput>;

/** What became of calls that had to be paid for: asked, shown, paid and served, by rail, with the reasons of each loss. */
export async function paymentFunnel(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof paymentFunnelInput>,
): Promise<PaymentFunnel> {
  const wanted = parse(paymentFunnelInput, input);
  const access = await authorize(ctx, actor, { providerId: wanted.providerId }, 'read');
  const range = rangeOf(wanted, ctx.clock());
  const { providerId, apiId, livemode = true } = wanted;
  const found = await read(ctx, access, (tx) => readFunnel(tx, { providerId, apiId, livemode, range }));
  return { from: range.from.toISOString(), to: range.to.toISOString(), ...found };
}
