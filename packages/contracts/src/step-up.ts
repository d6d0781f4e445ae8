import { z } from 'zod';
import { nanoUsdAmount } from './json.ts';

/**
 * What a payment needs above a limit. `verified-payer`: the provider knows who pays. `owner-approval`: an owner of the customer whose
 * key is beside it said yes, or the provider knows who pays.
 */
export const stepUpNeed = z.enum(['verified-payer', 'owner-approval']);
export type StepUpNeed = z.output<typeof stepUpNeed>;

/** From which amounts on a payment needs more than money. */
export const stepUp = z.object({
  /** One payment of more than this, by its price or its ceiling; null: of any size. */
  aboveNanoUsd: nanoUsdAmount.nullable(),
  /** What one payer pays on the API in a UTC day beyond this; null: any sum. */
  payerAboveNanoUsd: nanoUsdAmount.nullable(),
  needs: stepUpNeed,
});
export type StepUp = z.output<typeof stepUp>;

/** Payers whom the provider knows: addresses of wallets in lower case, on whatever network, and customers. */
export const verifiedPayers = z.object({
  addresses: z.array(z.string().regex(/^0x[0-9a-f]{40}$/)),
  customers: z.array(z.string()),
});
export type VerifiedPayers = z.output<typeof verifiedPayers>;

/** As many payers a provider verifies at most: they travel with every snapshot. */
export const VERIFIED_PAYERS_MAX = 1_000;

/** What an owner let an agent pay on a route: once, or as often as it likes, in sum at most the limit, until it ends. */
export const paymentApproval = z.object({
  approvalId: z.string(),
  agentId: z.string(),
  routeId: z.string(),
  livemode: z.boolean(),
  once: z.boolean(),
  limitNanoUsd: nanoUsdAmount,
  expiresAtMs: z.number(),
});
export type PaymentApproval = z.output<typeof paymentApproval>;

/** As many approvals a customer's record carries at most. */
export const PAYMENT_APPROVALS_MAX = 64;

const id = z.string().min(1).max(64);

/** An agent wants to pay what an owner has to approve. */
export const approvalAsk = z.object({
  schemaVersion: z.literal(1),
  providerId: id,
  customerId: id,
  agentId: id,
  keyId: id,
  apiId: id,
  routeId: id,
  livemode: z.boolean(),
  priceNanoUsd: nanoUsdAmount,
  occurredAt: z.iso.datetime(),
});
export type ApprovalAsk = z.output<typeof approvalAsk>;
