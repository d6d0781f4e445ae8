import { newId } from '../ids.ts';
import type { Metadata } from '../params/kinds.ts';

/** An endpoint as the API shows it; its secret is shown once, when it is made. */
export type WebhookEndpoint = ReturnType<typeof webhookEndpointOf>;

/** An endpoint that hears the named events, or all of them with `*`. */
export function webhookEndpointOf(created: number, url: string, enabledEvents: string[]) {
  return {
    id: newId('we'),
    object: 'webhook_endpoint',
    api_version: null as string | null,
    application: null,
    created,
    description: null as string | null,
    enabled_events: enabledEvents,
    livemode: false,
    metadata: {} as Metadata,
    status: 'enabled' as 'enabled' | 'disabled',
    url,
  };
}
