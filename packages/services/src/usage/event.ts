import { nanoUsdText } from '@tollwright/contracts';
import type { DbUsageEvent } from '@tollwright/db';
import { z } from 'zod';

/** One call, as lists and the API show it. */
export const eventOutput = z.object({
  id: z.string(),
  requestId: z.string(),
  occurredAt: z.string(),
  customerId: z.string().nullable(),
  agentId: z.string().nullable(),
  keyId: z.string().nullable(),
  apiId: z.string(),
  routeId: z.string(),
  type: z.string(),
  livemode: z.boolean(),
  model: z.string().nullable(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  ratedNanoUsd: nanoUsdText,
  chargedNanoUsd: nanoUsdText,
  shortfallNanoUsd: nanoUsdText,
  rail: z.string(),
  paymentId: z.string().nullable(),
  payer: z.string().nullable(),
  decision: z.string(),
  status: z.int(),
  durationMs: z.number(),
});
export type EventOutput = z.output<typeof eventOutput>;

export function toEvent(row: DbUsageEvent): EventOutput {
  return {
    id: row.eventId,
    requestId: row.requestId,
    occurredAt: row.occurredAt.toISOString(),
    customerId: row.customerId,
    agentId: row.agentId,
    keyId: row.keyId,
    apiId: row.apiId,
    routeId: row.routeId,
    type: row.type,
    livemode: row.livemode,
    model: row.model,
    inputTokens: Number(row.inputTokens),
    outputTokens: Number(row.outputTokens),
    ratedNanoUsd: row.ratedNanoUsd.toString(),
    chargedNanoUsd: row.chargedNanoUsd.toString(),
    shortfallNanoUsd: row.shortfallNanoUsd.toString(),
    rail: row.rail,
    paymentId: row.paymentId,
    payer: row.payer,
    decision: row.decision,
    status: row.status,
    durationMs: row.durationMs,
  };
}
