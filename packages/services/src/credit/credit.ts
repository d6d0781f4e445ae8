import { nanoUsdText, signedNanoUsdText } from '@tollwright/contracts';
import type { DbCreditGrant } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

export const creditSource = z.enum(['payment', 'manual', 'refund', 'refund-failed']);

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
  paymentId: z.string().nullable(),
  refundId: z.string().nullable(),
  reason: z.string().nullable(),
  grantedBy: z.string().meta({ description: 'The rail of a payment, or who gave it' }),
  createdAt: z.string(),
});
export type CreditGrantOutput = z.output<typeof creditGrantOutput>;

export function toCreditGrant(row: DbCreditGrant): CreditGrantOutput {
  const { id, customerId, agentId, livemode, paymentId, refundId, reason, grantedBy } = row;
  return {
    ...{ id, customerId, agentId, livemode, paymentId, refundId, reason, grantedBy },
    source: creditSource.parse(row.source),
    amountNanoUsd: row.amountNanoUsd.toString(),
    paidNanoUsd: row.paidNanoUsd.toString(),
    createdAt: toTimestamp(row.createdAt),
  };
}
