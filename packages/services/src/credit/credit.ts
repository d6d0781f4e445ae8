import { nanoUsdText, signedNanoUsdText } from '@tollwright/contracts';
import type { DbCreditGrant } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

export const creditSource = z.enum(['payment', 'manual', 'refund', 'refund-failed', 'expired']);
export const creditKind = z.enum(['promotional', 'paid']);

/** What a grant has left, as it burns. */
export const burningGrant = z.object({
  id: z.string(),
  kind: creditKind,
  priority: z.int(),
  expiresAt: z.string().nullable(),
  leftNanoUsd: nanoUsdText.meta({ description: 'Less what calls hold, or have drawn and are not stored yet' }),
});

/** A balance of prepaid credit as it stands. Amounts are nano-dollars; `paidIn` less `drawn` and `held` is what is left. */
export const creditBalanceOutput = z.object({
  agentId: z.string().nullable().meta({ description: "null: the customer's, for agents that have none of their own" }),
  agentName: z.string().nullable(),
  livemode: z.boolean(),
  paidInNanoUsd: nanoUsdText.meta({ description: 'Everything that ever came in, less what was taken back' }),
  /** Null where the state store could not be asked. */
  now: z
    .object({
      drawnNanoUsd: nanoUsdText,
      heldNanoUsd: nanoUsdText.meta({ description: 'Held by running calls' }),
      remainingNanoUsd: nanoUsdText,
    })
    .nullable(),
  grants: z.array(burningGrant).meta({ description: 'Those with something left, in the order in which they burn' }),
});
export type CreditBalanceOutput = z.output<typeof creditBalanceOutput>;

/** One change of a balance. */
export const creditGrantOutput = z.object({
  id: z.string(),
  customerId: z.string(),
  agentId: z.string().nullable(),
  livemode: z.boolean(),
  source: creditSource,
  amountNanoUsd: signedNanoUsdText,
  paidNanoUsd: nanoUsdText.meta({ description: 'The price that was paid for it' }),
  kind: creditKind,
  priority: z.int().meta({ description: 'The lower burns first' }),
  expiresAt: z.string().nullable(),
  leftNanoUsd: nanoUsdText
    .nullable()
    .meta({ description: 'By the calls that are stored; null where credit went back' }),
  paymentId: z.string().nullable(),
  refundId: z.string().nullable(),
  reason: z.string().nullable(),
  grantedBy: z.string().meta({ description: 'The rail of a payment, or who gave it' }),
  createdAt: z.string(),
});
export type CreditGrantOutput = z.output<typeof creditGrantOutput>;

/** `left`: what it has left; null for a row that took credit back. */
export function toCreditGrant(row: DbCreditGrant, left: bigint | null): CreditGrantOutput {
  const { id, customerId, agentId, livemode, paymentId, refundId, reason, grantedBy, priority } = row;
  return {
    ...{ id, customerId, agentId, livemode, paymentId, refundId, reason, grantedBy, priority },
    source: creditSource.parse(row.source),
    kind: row.promotional ? 'promotional' : 'paid',
    expiresAt: toTimestamp(row.expiresAt),
    amountNanoUsd: row.amountNanoUsd.toString(),
    leftNanoUsd: left?.toString() ?? null,
    paidNanoUsd: row.paidNanoUsd.toString(),
    createdAt: toTimestamp(row.createdAt),
  };
}
