import { nanoUsdText, paymentState } from '@tollwright/contracts';
import type { DbPayment } from '@tollwright/db';
import { z } from 'zod';

/** A payment, as the console and the API show it. */
export const paymentOutput = z.object({
  id: z.string(),
  state: paymentState,
  rail: z.string(),
  livemode: z.boolean(),
  apiId: z.string(),
  routeId: z.string(),
  requestId: z.string(),
  network: z.string().meta({ description: 'CAIP-2, such as eip155:84532' }),
  asset: z.string(),
  payer: z.string(),
  payTo: z.string(),
  nonce: z.string(),
  amountAtomic: z.string().meta({ description: "In the token's smallest unit" }),
  priceNanoUsd: nanoUsdText,
  roundingNanoUsd: nanoUsdText,
  transaction: z.string().nullable(),
  reason: z.string().nullable(),
  occurredAt: z.string(),
  updatedAt: z.string(),
});
export type PaymentOutput = z.output<typeof paymentOutput>;

export function toPayment(row: DbPayment): PaymentOutput {
  return {
    id: row.id,
    state: paymentState.parse(row.state),
    rail: row.rail,
    livemode: row.livemode,
    apiId: row.apiId,
    routeId: row.routeId,
    requestId: row.requestId,
    network: row.network,
    asset: row.asset,
    payer: row.payer,
    payTo: row.payTo,
    nonce: row.nonce,
    amountAtomic: row.amountAtomic,
    priceNanoUsd: row.priceNanoUsd.toString(),
    roundingNanoUsd: row.roundingNanoUsd.toString(),
    transaction: row.transactionHash,
    reason: row.reason,
    occurredAt: row.occurredAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
