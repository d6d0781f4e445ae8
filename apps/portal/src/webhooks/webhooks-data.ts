import 'server-only';
import type { Caller } from '../server/caller.ts';
import { foundOrNull } from '../server/found.ts';
import { choice, param, type SearchParams } from '../usage/address.ts';
import type { WebhookDelivery, WebhookDeliveryInFull, WebhookEndpoint } from './outputs.ts';

export const DELIVERY_FILTERS = ['all', 'pending', 'delivered', 'dead'] as const;

/** What the webhooks of an owner are shown from. */
export interface WebhooksData {
  readonly endpoints: readonly WebhookEndpoint[];
  readonly deliveries: readonly WebhookDelivery[];
  readonly nextCursor: string | null;
  /** The one that the address opens. */
  readonly delivery: WebhookDeliveryInFull | null;
  readonly filter: (typeof DELIVERY_FILTERS)[number];
}

/** Reads endpoints and deliveries as the address narrows them: `state`, `cursor`, and `delivery`, the one that is open. */
export async function webhooksData({ webhook }: Pick<Caller, 'webhook'>, search: SearchParams): Promise<WebhooksData> {
  const filter = choice(search, 'state', DELIVERY_FILTERS);
  const cursor = param(search, 'cursor');
  const open = param(search, 'delivery');
  const [endpoints, deliveries, delivery] = await Promise.all([
    webhook.list({ limit: 200 }),
    webhook.deliveries({ ...(filter === 'all' ? {} : { state: filter }), ...(cursor ? { cursor } : {}) }),
    open === undefined ? null : foundOrNull(webhook.delivery({ deliveryId: open })),
  ]);
  const { items, nextCursor } = deliveries;
  return { endpoints: endpoints.items, deliveries: items, nextCursor, delivery, filter };
}
