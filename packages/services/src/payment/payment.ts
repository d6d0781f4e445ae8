import { nanoUsdText, paymentState, paymentTax } from '@tollwright/contracts';
import type { DbPayment } from '@tollwright/db';
import { dashboardUrl } from '@tollwright/stripe';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

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
  feeNanoUsd: nanoUsdText.meta({
    description: 'What the rail takes of it, by your estimate; 0 where nothing was paid',
  }),
  tax: paymentTax
    .nullable()
    .meta({ description: 'What Stripe calculated of the tax in it; null where none was wanted' }),
  transaction: z.string().nullable(),
  dashboardUrl: z.string().nullable().meta({ description: "At Stripe: the payment in your account's dashboard" }),
  customerId: z.string().nullable(),
  agentId: z.string().nullable().meta({ description: 'Whose key was shown beside it; null for strangers' }),
  keyId: z.string().nullable(),
  verifiedAt: z.string().nullable(),
  settledAt: z.string().nullable(),
  reason: z.string().nullable(),
  occurredAt: z.string(),
  updatedAt: z.string(),
});
export type PaymentOutput = z.output<typeof paymentOutput>;

/** `level` is the reader's: an account at Stripe is its provider's alone. */
export function toPayment(row: DbPayment, level: 'provider' | 'customer'): PaymentOutput {
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
    feeNanoUsd: row.feeNanoUsd.toString(),
    tax: taxOf(row),
    transaction: row.transactionHash,
    dashboardUrl: level === 'provider' ? pageAtStripe(row) : null,
    ...{ customerId: row.customerId, agentId: row.agentId, keyId: row.keyId },
    verifiedAt: toTimestamp(row.verifiedAt),
    settledAt: toTimestamp(row.settledAt),
    reason: row.reason,
    occurredAt: row.occurredAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** Where Stripe's dashboard shows it; null of other rails. */
export function pageAtStripe({ transactionHash: id, livemode }: Pick<DbPayment, 'transactionHash' | 'livemode'>) {
  return id === null ? null : dashboardUrl(id, livemode);
}

const taxedBody = z.object({ tax: paymentTax.nullish() });

/** The tax in a payment; null where none was to be calculated. */
export function taxOf({ body }: Pick<DbPayment, 'body'>): z.output<typeof paymentTax> | null {
  return taxedBody.parse(body).tax ?? null;
}
