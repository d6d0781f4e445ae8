import { nanoUsdText } from '@tollwright/contracts';
import { ProblemError } from '@tollwright/core';
import type { DbCreditCard, DbTopUpCharge, DbTopUpRule } from '@tollwright/db';
import { z } from 'zod';
import { type Actor, actorName } from '../actor.ts';
import type { Access } from '../authorize.ts';
import { toTimestamp } from '../fields.ts';

export const topUpLivemode = z.boolean().optional().meta({ description: 'Default: true' });

/** A saved card, as people know it. Its number is at Stripe alone. */
export const creditCardOutput = z.object({
  id: z.string(),
  brand: z.string(),
  last4: z.string(),
  expMonth: z.int(),
  expYear: z.int(),
  savedAt: z.string(),
});
export type CreditCardOutput = z.output<typeof creditCardOutput>;

/** When a balance is topped up, and by what. */
export const topUpRuleOutput = z.object({
  id: z.string(),
  agentId: z.string().nullable().meta({ description: "null: the customer's own balance" }),
  livemode: z.boolean(),
  belowNanoUsd: nanoUsdText.meta({ description: 'Below this the balance is topped up' }),
  pack: z.string().nullable().meta({ description: 'Of the plan; null: an amount' }),
  priceNanoUsd: nanoUsdText,
  creditNanoUsd: nanoUsdText,
  monthlyCapNanoUsd: nanoUsdText.meta({ description: 'The most that is charged in a calendar month of UTC' }),
  chargedThisMonthNanoUsd: nanoUsdText.meta({ description: 'Of this month, with what is under way' }),
  pausedBy: z.enum(['owner', 'provider', 'failure']).nullable(),
  pausedReason: z.string().nullable(),
  isCapped: z.boolean().meta({ description: 'The cap of this month has kept a charge back' }),
});
export type TopUpRuleOutput = z.output<typeof topUpRuleOutput>;

/** One charge that a rule made, or is about to make. */
export const topUpChargeOutput = z.object({
  id: z.string(),
  agentId: z.string().nullable(),
  livemode: z.boolean(),
  state: z.enum(['intended', 'settled', 'failed']),
  priceNanoUsd: nanoUsdText,
  creditNanoUsd: nanoUsdText,
  reason: z.string().nullable(),
  paymentId: z.string(),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
});
export type TopUpChargeOutput = z.output<typeof topUpChargeOutput>;

/** Null while the page for it is open. */
export function toCreditCard(row: DbCreditCard): CreditCardOutput | null {
  const { id, brand, last4, expMonth, expYear, savedAt } = row;
  if (brand === null || last4 === null || expMonth === null || expYear === null || savedAt === null) return null;
  return { id, brand, last4, expMonth, expYear, savedAt: toTimestamp(savedAt) };
}

/** `charged`: what counts for the cap of this month. */
export function toTopUpRule(row: DbTopUpRule, charged: bigint, month: string): TopUpRuleOutput {
  const { id, agentId, livemode, pack, pausedReason } = row;
  return {
    ...{ id, agentId, livemode, pack, pausedReason },
    belowNanoUsd: row.belowNanoUsd.toString(),
    priceNanoUsd: row.priceNanoUsd.toString(),
    creditNanoUsd: row.creditNanoUsd.toString(),
    monthlyCapNanoUsd: row.monthlyCapNanoUsd.toString(),
    chargedThisMonthNanoUsd: charged.toString(),
    pausedBy: topUpRuleOutput.shape.pausedBy.parse(row.pausedBy),
    isCapped: row.cappedMonth === month,
  };
}

export function toTopUpCharge(row: DbTopUpCharge): TopUpChargeOutput {
  const { id, agentId, livemode, reason, paymentId } = row;
  return {
    ...{ id, agentId, livemode, reason, paymentId, state: topUpChargeOutput.shape.state.parse(row.state) },
    priceNanoUsd: row.priceNanoUsd.toString(),
    creditNanoUsd: row.creditNanoUsd.toString(),
    createdAt: toTimestamp(row.createdAt),
    endedAt: toTimestamp(row.endedAt),
  };
}

/** The calendar month of UTC, `2026-11`, and when the next one begins. */
export function monthOf(atMs: number): { readonly month: string; readonly nextAt: Date } {
  const at = new Date(atMs);
  return {
    month: at.toISOString().slice(0, 7),
    nextAt: new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)),
  };
}

/** Whose money it is decides: the customer's own people, and not its provider's. Throws `forbidden`. */
export function requireCustomers(access: Access, actor: Actor): void {
  if (access.level === 'customer') return;
  const detail = `Only the customer's own people spend its money; ${actorName(actor)} is its provider's.`;
  throw new ProblemError({ slug: 'forbidden', detail });
}
