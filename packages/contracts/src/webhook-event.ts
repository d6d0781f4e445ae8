import { z } from 'zod';
import { counterText, nanoUsdText } from './json.ts';

const id = z.string();
const moment = z.iso.datetime();

/** A payment as it is told to others: what it was for, how much, and how it stands. */
const payment = z.object({
  paymentId: id,
  rail: z.string(),
  network: z.string(),
  payer: z.string(),
  priceNanoUsd: nanoUsdText,
  transaction: z.string().nullable(),
  reason: z.string().nullable(),
  agentId: id.nullable(),
  keyId: id.nullable(),
});

const threshold = z.object({
  noticeId: id,
  apiId: id,
  /** The limit's counter, such as `budget:<id>`. */
  node: z.string(),
  periodId: z.string(),
  percent: z.int(),
  /** Nano-dollars of a budget, units of a quota. */
  limit: counterText,
  used: counterText,
});

const incident = z.object({ incidentId: id, kind: z.string(), detail: z.record(z.string(), z.unknown()) });
const invoice = z.object({
  ...{ invoiceId: id, number: z.string(), state: z.enum(['open', 'paid', 'void']), dueAt: moment },
  totalNanoUsd: nanoUsdText,
  /** Still to be paid. */
  dueNanoUsd: nanoUsdText,
});
const subscription = z.object({ subscriptionId: id, planId: id, planVersionId: id });
const approval = z.object({
  ...{ approvalId: id, agentId: id, apiId: id, routeId: id },
  /** `asked`, or what was decided: `once`, `day` or `refused`. */
  state: z.string(),
  priceNanoUsd: nanoUsdText,
});
const key = z.object({ keyId: id, agentId: id, name: z.string(), last4: z.string() });
const topUp = z.object({
  chargeId: id,
  paymentId: id,
  agentId: id.nullable(),
  priceNanoUsd: nanoUsdText,
  reason: z.string().nullable(),
});

const credit = z.object({
  ...{ grantId: id, agentId: id.nullable(), kind: z.enum(['promotional', 'paid']), expiresAt: moment },
  /** What is left of it, or was taken out. */
  amountNanoUsd: nanoUsdText,
});

/** What is told of each type of event. A type never changes its meaning; members may be added. */
export const WEBHOOK_EVENT_DATA = {
  'approval.asked': approval,
  'approval.decided': approval,
  'budget.threshold_reached': threshold.extend({ budgetId: id }),
  'credit.expired': credit,
  'credit.expiring': credit,
  'incident.opened': incident,
  'incident.resolved': incident,
  'invoice.credited': invoice,
  'invoice.issued': invoice,
  'invoice.overdue': invoice,
  'invoice.paid': invoice,
  'invoice.voided': invoice,
  'key.created': key,
  'key.revoked': key,
  'payment.failed': payment,
  'payment.refunded': payment.extend({ refundId: id, amountNanoUsd: nanoUsdText }),
  'plan.published': z.object({ planId: id, planVersionId: id, version: z.int() }),
  'quota.threshold_reached': threshold,
  'subscription.ended': subscription,
  'subscription.moved': subscription,
  'subscription.started': subscription,
  'top_up.failed': topUp,
  'top_up.settled': topUp,
  'webhook_endpoint.disabled': z.object({ endpointId: id, reason: z.enum(['failing', 'gone']) }),
  'webhook_endpoint.tested': z.object({ endpointId: id }),
} as const;

export type WebhookEventType = keyof typeof WEBHOOK_EVENT_DATA;
export const WEBHOOK_EVENT_TYPES = Object.keys(WEBHOOK_EVENT_DATA) as [WebhookEventType, ...WebhookEventType[]];
export const webhookEventType = z.enum(WEBHOOK_EVENT_TYPES);

/** What only a test sends: nobody subscribes to it. */
export const WEBHOOK_TEST_TYPE = 'webhook_endpoint.tested' satisfies WebhookEventType;

/** Something that happened, as it waits for those who want to hear of it. */
export const webhookEvent = z
  .object({
    eventId: id,
    type: webhookEventType,
    occurredAt: moment,
    /** Null: it concerns both modes. */
    livemode: z.boolean().nullable(),
    /** Whom it concerns; null where it is the provider's affair alone. */
    customerId: id.nullable(),
    data: z.record(z.string(), z.unknown()),
  })
  .superRefine(({ type, data }, ctx) => {
    const result = WEBHOOK_EVENT_DATA[type].safeParse(data);
    for (const issue of result.error?.issues ?? []) ctx.addIssue({ ...issue, path: ['data', ...issue.path] });
  });
export type WebhookEvent = z.output<typeof webhookEvent>;

/** The body of a delivery, as the specification of Standard Webhooks recommends it. */
export const webhookBody = z.object({
  type: webhookEventType,
  timestamp: moment,
  livemode: z.boolean().nullable(),
  providerId: id,
  customerId: id.nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type WebhookBody = z.output<typeof webhookBody>;

/** How the body of a delivery is written: as `webhookBody`, or as a line of text for Slack. */
export const WEBHOOK_FORMATS = ['standard', 'slack'] as const;
export const webhookFormat = z.enum(WEBHOOK_FORMATS);
export type WebhookFormat = z.output<typeof webhookFormat>;

/** Seconds before each try, from the one before it: the schedule that Standard Webhooks recommends. */
export const WEBHOOK_RETRY_SECONDS = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;
