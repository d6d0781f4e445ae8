import type { WebhookBody, WebhookEvent } from '@tollwright/contracts';
import { makeId } from '@tollwright/core';
import type { DbWebhookEndpoint } from '@tollwright/db';
import type { PostingMeans } from '../ledger/post.ts';
import { slackText } from './slack-text.ts';

/** An event on its way to one endpoint, due at once. Its body is written here, and is the same for every attempt. */
export function deliveryRow(means: PostingMeans, endpoint: DbWebhookEndpoint, event: WebhookEvent) {
  const { id: endpointId, providerId, customerId, format } = endpoint;
  const now = new Date(means.clock());
  const { type, occurredAt: timestamp, livemode, data } = event;
  const body: WebhookBody = { type, timestamp, livemode, providerId, customerId: event.customerId, data };
  return {
    id: makeId('webhookDelivery', means.clock(), means.random(10)),
    ...{ providerId, customerId, endpointId, eventId: event.eventId, eventType: type },
    body: JSON.stringify(format === 'slack' ? { text: slackText(body) } : body),
    ...{ occurredAt: new Date(timestamp), createdAt: now, nextAttemptAt: now },
  };
}
