import { WEBHOOK_EVENT_DATA, type WebhookEventType } from '@tollwright/contracts';
import { makeId } from '@tollwright/core';
import type { Tx } from '@tollwright/db';
import type { z } from 'zod';
import type { PostingMeans } from '../ledger/post.ts';
import { outboxRow } from '../outbox-row.ts';

/** Something that happened, with what its type says of it. */
export type Told = {
  readonly [Type in WebhookEventType]: {
    readonly type: Type;
    readonly data: z.input<(typeof WEBHOOK_EVENT_DATA)[Type]>;
    /** Whom it concerns; null where it is the provider's affair alone. */
    readonly customerId: string | null;
    /** Null: it concerns both modes. */
    readonly livemode: boolean | null;
    readonly occurredAt: Date;
  };
}[WebhookEventType];

/**
 * Writes events for webhooks in the transaction of what they tell: they are told if it commits, and not otherwise. Answers the
 * outbox rows.
 */
export async function tell(tx: Tx, means: PostingMeans, providerId: string, told: readonly Told[]): Promise<string[]> {
  if (told.length === 0) return [];
  const rows = told.map(({ type, data, customerId, livemode, occurredAt }) =>
    outboxRow(means, providerId, {
      kind: 'webhook-event',
      event: {
        eventId: makeId('webhookEvent', means.clock(), means.random(10)),
        ...{ type, customerId, livemode, occurredAt: occurredAt.toISOString() },
        data: WEBHOOK_EVENT_DATA[type].parse(data),
      },
    }),
  );
  await tx.outboxMessage.createMany({ data: rows });
  return rows.map(({ id }) => id);
}
