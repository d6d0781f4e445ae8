import { counterText } from '@tollwright/contracts';
import type { DbIncident } from '@tollwright/db';
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

export const incidentOutput = z.object({
  id: z.string(),
  customerId: z.string().nullable(),
  kind: z.literal('write-off'),
  detail: writeOffDetail,
  occurredAt: z.string(),
  resolvedAt: z.string().nullable(),
});
export type IncidentOutput = z.output<typeof incidentOutput>;

export function toIncident(row: DbIncident): IncidentOutput {
  const { id, customerId, kind, detail, occurredAt, resolvedAt } = row;
  return incidentOutput.parse({
    ...{ id, customerId, kind, detail },
    occurredAt: occurredAt.toISOString(),
    resolvedAt: resolvedAt?.toISOString() ?? null,
  });
}
