import type { AppRouter } from '@tollwright/api';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';

type Outputs = inferRouterOutputs<AppRouter>;

export type WebhookEndpoint = Outputs['webhook']['list']['items'][number];
export type WebhookDelivery = Outputs['webhook']['deliveries']['items'][number];
export type WebhookDeliveryInFull = Outputs['webhook']['delivery'];
export type WebhookAttempt = WebhookDeliveryInFull['history'][number];
export type NewWebhook = inferRouterInputs<AppRouter>['webhook']['create'];
export type WebhookType = NonNullable<NewWebhook['eventTypes']>[number];
