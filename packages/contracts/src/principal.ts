import { z } from 'zod';
import { counterValue } from './json.ts';
import { period } from './plan-terms.ts';
import { PAYMENT_APPROVALS_MAX, paymentApproval } from './step-up.ts';

/** A node of the budget tree on the path from the owner to a key. `node` is `budget:<public id>`. */
export const budgetNode = z.object({
  node: z.string(),
  limitNanoUsd: counterValue,
  period,
  /** True: passing the limit is announced, not refused. Absent: false. */
  soft: z.boolean().optional(),
});

/** A balance of prepaid credit: everything that was ever paid in or given is its limit, everything ever drawn is its use. */
export const creditBalance = z.object({ node: z.string(), limitNanoUsd: counterValue });
export type CreditBalance = z.output<typeof creditBalance>;

/** What the directory says of one key. `budgetNodes` runs from the owner down to the key and is never empty. */
export const keyRecord = z.object({
  keyId: z.string(),
  agentId: z.string(),
  projectId: z.string().nullable(),
  status: z.enum(['active', 'revoked']),
  expiresAtMs: z.number().nullable(),
  livemode: z.boolean(),
  budgetNodes: z.array(budgetNode).min(1),
  /** What the key may do on routes that ask for scopes. Absent: nothing. */
  scopes: z.array(z.string().max(128)).max(64).optional(),
  /** What the owner noted on the key. Policies may read it; it never changes plan, limit or price. Absent: nothing. */
  metadata: z.record(z.string().max(64), z.string().max(512)).optional(),
  /** What the key draws on under a prepaid plan: its agent's own balance, or else the customer's. Absent: nothing was ever paid in. */
  credit: creditBalance.optional(),
});

/** Who paid waits until its payment is among these; more at once are told that theirs is on its way. */
export const CREDITED_PAYMENTS_MAX = 16;

/** What the directory says of one customer. `version` grows with every change of the customer, its keys or its budgets. */
export const customerRecord = z.object({
  customerId: z.string(),
  providerId: z.string(),
  version: z.int().min(1),
  status: z.enum(['active', 'suspended']),
  /** Since when an invoice has gone unpaid for longer than the provider waits: live keys are refused. Absent: none has. */
  overdueSinceMs: z.number().optional(),
  subscriptionId: z.string().nullable(),
  planVersionId: z.string().nullable(),
  /** When the customer's first subscription began; later ones go on in its cycles. Absent: cycles are calendar months in UTC. */
  billingAnchorAtMs: z.number().optional(),
  /** The newest payments whose credit is in the balances. Absent: none. */
  creditedPayments: z.array(z.string()).max(CREDITED_PAYMENTS_MAX).optional(),
  /** What owners let agents pay beyond a route's limits, those that end last first. Absent: nothing. */
  approvals: z.array(paymentApproval).max(PAYMENT_APPROVALS_MAX).optional(),
});

/** Who a call is: one key with its customer, read together so that they agree. */
export const principal = z.object({ key: keyRecord, customer: customerRecord });

export type KeyRecord = z.output<typeof keyRecord>;
export type CustomerRecord = z.output<typeof customerRecord>;
export type Principal = z.output<typeof principal>;
