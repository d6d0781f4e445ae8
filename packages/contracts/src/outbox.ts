import { z } from 'zod';
import { webhookEvent } from './webhook-event.ts';

/** What leaves a transaction through the outbox. Snapshots and principals are named, not carried: the sender reads them fresh. */
export const outboxMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('publish-api'), apiId: z.string() }),
  z.object({ kind: z.literal('publish-customer'), customerId: z.string() }),
  z.object({ kind: z.literal('mail'), to: z.email(), subject: z.string(), text: z.string() }),
  z.object({ kind: z.literal('webhook-event'), event: webhookEvent }),
]);
export type OutboxMessage = z.output<typeof outboxMessage>;
