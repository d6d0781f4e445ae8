import type { DbWebhookAttempt, DbWebhookDelivery } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

export const webhookDeliveryState = z
  .enum(['pending', 'delivered', 'dead'])
  .meta({ description: 'dead: every try failed, and no further one follows unless it is replayed' });

export const webhookDeliveryOutput = z.object({
  id: z.string(),
  endpointId: z.string(),
  eventId: z.string().meta({ description: 'Sent as webhook-id, the same for every attempt' }),
  eventType: z.string(),
  state: webhookDeliveryState,
  attempts: z.int(),
  nextAttemptAt: z.string().nullable().meta({ description: 'Null unless it is pending' }),
  occurredAt: z.string(),
  createdAt: z.string(),
});
export type WebhookDeliveryOutput = z.output<typeof webhookDeliveryOutput>;

export const webhookAttemptOutput = z.object({
  number: z.int(),
  attemptedAt: z.string(),
  headers: z.record(z.string(), z.string()).meta({ description: 'Of the request' }),
  status: z.int().nullable().meta({ description: 'Null where no answer came' }),
  latencyMs: z.int(),
  response: z.string().nullable().meta({ description: 'The first 4 KiB of the answer' }),
  error: z.string().nullable(),
});
export type WebhookAttemptOutput = z.output<typeof webhookAttemptOutput>;

export const webhookDeliveryInFull = webhookDeliveryOutput.extend({
  url: z.string(),
  body: z.string().meta({ description: 'What is sent, byte for byte' }),
  history: z.array(webhookAttemptOutput).meta({ description: 'Its attempts, newest first, at most 100' }),
});
export type WebhookDeliveryInFull = z.output<typeof webhookDeliveryInFull>;

export function toWebhookDelivery(row: DbWebhookDelivery): WebhookDeliveryOutput {
  const { id, endpointId, eventId, eventType, attempts } = row;
  return {
    ...{ id, endpointId, eventId, eventType, attempts },
    state: webhookDeliveryState.parse(row.state),
    nextAttemptAt: toTimestamp(row.nextAttemptAt),
    occurredAt: toTimestamp(row.occurredAt),
    createdAt: toTimestamp(row.createdAt),
  };
}

export function toWebhookAttempt(row: DbWebhookAttempt): WebhookAttemptOutput {
  const { number, status, latencyMs, response, error } = row;
  const headers = webhookAttemptOutput.shape.headers.parse(row.headers);
  return { number, attemptedAt: toTimestamp(row.attemptedAt), headers, status, latencyMs, response, error };
}
