import { counterText, nanoUsdText } from '@tollwright/contracts';
import type { DbIncident, Tx } from '@tollwright/db';
import { z } from 'zod';

const amount = z.object({
  node: z.string().meta({ description: 'The limit, as `budget:<id>`' }),
  periodId: z.string(),
  amount: counterText.meta({ description: 'Nano-dollars of a budget, units of a quota' }),
});
export type IncidentAmount = z.output<typeof amount>;

/** What is kept of a lost gateway at one customer: every hold that counts as spent, and what they come to. */
export const writeOffDetail = z.object({
  spoolId: z.string().meta({ description: 'The gateway process that is not coming back' }),
  charges: z.array(amount).meta({ description: 'What counts as spent, for each limit and period' }),
  holds: z
    .array(z.object({ callId: z.string(), sinceMs: z.number(), nodes: z.array(amount) }))
    .meta({ description: 'The calls whose end nobody knows' }),
});
export type WriteOffDetail = z.output<typeof writeOffDetail>;

/** A stranger's payment that was settled while nobody could be given the answer: the gateway ended, or did not know in time. */
export const unansweredDetail = z.object({
  paymentId: z.string(),
  requestId: z.string().meta({ description: 'The call that was paid for' }),
  payer: z.string(),
  transaction: z.string().nullable(),
  priceNanoUsd: nanoUsdText,
});
export type UnansweredDetail = z.output<typeof unansweredDetail>;

/** A payment for credit that went back after calls had drawn what it bought. */
export const overdrawnDetail = z.object({
  paymentId: z.string(),
  refundId: z.string(),
  missingNanoUsd: nanoUsdText.meta({ description: 'Credit that was used and could not be taken back' }),
});
export type OverdrawnDetail = z.output<typeof overdrawnDetail>;

/** A payment that was settled without the tax that its provider wants calculated. */
export const untaxedDetail = z.object({
  paymentId: z.string(),
  transaction: z.string().nullable(),
  priceNanoUsd: nanoUsdText,
  reason: z.string().meta({ description: 'Why there is no calculation, in a word of Stripe where it said one' }),
});
export type UntaxedDetail = z.output<typeof untaxedDetail>;

/** A gateway that has not reported for three days. It concerns every provider, and no customer by itself. */
export const silentGatewayDetail = z.object({
  spoolId: z.string().meta({ description: 'The gateway process that nothing is heard of' }),
  lastHeardAt: z.string().meta({ description: 'Its last report, or when it was first looked for' }),
  closedAt: z.string().nullable().meta({ description: 'When it was closed as lost; null while it is waited for' }),
});
export type SilentGatewayDetail = z.output<typeof silentGatewayDetail>;

/** A UTC day on which the calls of an API and a model cost their provider more than they brought in. */
export const lossDetail = z.object({
  apiId: z.string(),
  apiName: z.string(),
  day: z.iso.date(),
  model: z.string().meta({ description: 'Empty: calls that name none' }),
  livemode: z.boolean(),
  calls: z.int().meta({ description: 'Those whose cost is known, as revenue and cost are of them' }),
  revenueNanoUsd: nanoUsdText,
  costNanoUsd: nanoUsdText,
});
export type LossDetail = z.output<typeof lossDetail>;

const incidentBase = {
  id: z.string(),
  customerId: z.string().nullable(),
  customerName: z.string().nullable(),
  occurredAt: z.string(),
  resolvedAt: z.string().nullable(),
};

export const incidentOutput = z.discriminatedUnion('kind', [
  z.object({ ...incidentBase, kind: z.literal('write-off'), detail: writeOffDetail }),
  z.object({ ...incidentBase, kind: z.literal('silent-gateway'), detail: silentGatewayDetail }),
  z.object({ ...incidentBase, kind: z.literal('unanswered-payment'), detail: unansweredDetail }),
  z.object({ ...incidentBase, kind: z.literal('overdrawn-credit'), detail: overdrawnDetail }),
  z.object({ ...incidentBase, kind: z.literal('untaxed-payment'), detail: untaxedDetail }),
  z.object({ ...incidentBase, kind: z.literal('loss'), detail: lossDetail }),
]);
export type IncidentOutput = z.output<typeof incidentOutput>;

/** Incidents as they are shown, with what their customers are called. */
export async function toIncidents(tx: Tx, rows: readonly DbIncident[]): Promise<IncidentOutput[]> {
  const ids = new Set(rows.map(({ customerId }) => customerId).filter((id) => id !== null));
  const customers = await tx.customer.findMany({ where: { id: { in: [...ids] } }, select: { id: true, name: true } });
  const names = new Map(customers.map(({ id, name }) => [id, name]));
  return rows.map(({ id, customerId, kind, detail, occurredAt, resolvedAt }) =>
    incidentOutput.parse({
      ...{ id, customerId, kind, detail },
      customerName: customerId === null ? null : (names.get(customerId) ?? customerId),
      occurredAt: occurredAt.toISOString(),
      resolvedAt: resolvedAt?.toISOString() ?? null,
    }),
  );
}
