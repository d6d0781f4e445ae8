import { createEgress } from '@tollwright/egress';
import {
  createKey,
  createWebhook,
  drainOutbox,
  getWebhookDelivery,
  listWebhookDeliveries,
  revokeKey,
  type ServiceContext,
} from '@tollwright/services';
import {
  createWorld,
  openServicesHarness,
  type ServicesHarness,
  startWebhookReceiver,
  type WebhookReceiver,
  type World,
} from '@tollwright/testing';
import { webhooksQueue } from './webhooks.ts';

/** On a busy machine an answer takes longer than a worker waits for it. */
const WHOLE_ROUND_MS = 20_000;

/** A provider with an endpoint at a receiver on loopback, and the worker's job. */
export interface WebhookStage {
  readonly harness: ServicesHarness;
  readonly world: World;
  readonly receiver: WebhookReceiver;
  /** Of the endpoint that was added last. */
  readonly endpointId: string;
  readonly secret: string;
  /** Forgets all endpoints and what they received, and adds one. */
  begin(): Promise<void>;
  /** A key of the world's agent is made and revoked. Answers its id. */
  revokeAKey(): Promise<string>;
  /** A round of the outbox, then one of the job, as one worker runs them. */
  round(ctx?: ServiceContext, roundMs?: number): Promise<void>;
  deliveries(): Promise<Awaited<ReturnType<typeof listWebhookDeliveries>>['items']>;
  delivery(): ReturnType<typeof getWebhookDelivery>;
  close(): Promise<void>;
}

/** `eventTypes`: what the endpoint hears of. */
export async function openWebhookStage(
  eventTypes: NonNullable<Parameters<typeof createWebhook>[2]['eventTypes']>,
): Promise<WebhookStage> {
  const receiver = await startWebhookReceiver({ port: 0 });
  const egress = createEgress({ allow: [`127.0.0.1:${receiver.port}`] });
  const harness = await openServicesHarness({ egress });
  const world = await createWorld(harness, 'acme');
  const { providerId, owner } = world;
  let endpointId = '';
  let secret = '';
  const deliveries: WebhookStage['deliveries'] = async () =>
    (await listWebhookDeliveries(harness.ctx, owner, { providerId, endpointId })).items;
  return {
    ...{ harness, world, receiver, deliveries },
    get endpointId() {
      return endpointId;
    },
    get secret() {
      return secret;
    },
    async begin() {
      await harness.owner.webhookEndpoint.deleteMany({});
      receiver.forget();
      const made = await createWebhook(harness.ctx, owner, { providerId, url: receiver.url, eventTypes });
      endpointId = made.id;
      secret = made.secret;
    },
    async revokeAKey() {
      const { target, customerOwner, agentId } = world;
      const { id: keyId } = await createKey(harness.ctx, customerOwner, { ...target, agentId, name: 'short-lived' });
      await revokeKey(harness.ctx, customerOwner, { ...target, keyId });
      return keyId;
    },
    async round(ctx = harness.workerCtx, roundMs = WHOLE_ROUND_MS) {
      await drainOutbox(ctx, { limit: 50 });
      await webhooksQueue(ctx, roundMs).jobs[0]?.run();
    },
    async delivery() {
      const [newest] = await deliveries();
      return getWebhookDelivery(harness.ctx, owner, { providerId, deliveryId: newest?.id ?? '' });
    },
    async close() {
      await receiver.close();
      await harness.close();
      await egress.close();
    },
  };
}
