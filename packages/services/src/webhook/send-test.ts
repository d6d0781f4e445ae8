import { WEBHOOK_TEST_TYPE, type WebhookEvent } from '@tollwright/contracts';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { parse } from '../parse.ts';
import { conflict } from '../refusals.ts';
import { toWebhookDelivery, type WebhookDeliveryOutput, webhookDeliveryOutput } from './delivery.ts';
import { deliveryRow } from './delivery-row.ts';
import { findWebhookEndpoint, webhookEndpointTarget } from './webhook-endpoint.ts';

export const testWebhookInput = z.object(webhookEndpointTarget);
export const testWebhookOutput = webhookDeliveryOutput;

/** Sends an endpoint an event of a type of its own, which no other endpoint hears of. */
export async function testWebhook(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof testWebhookInput>,
): Promise<WebhookDeliveryOutput> {
  const wanted = parse(testWebhookInput, input);
  const { endpointId } = wanted;
  const access = await authorize(ctx, actor, wanted, 'write');
  return change(ctx, access, async (step) => {
    const endpoint = await findWebhookEndpoint(step.tx, wanted, endpointId);
    if (endpoint.disabledAt !== null) throw conflict('The endpoint is disabled: enable it first.');
    const { customerId, livemode } = endpoint;
    const event: WebhookEvent = {
      ...{ eventId: step.id('webhookEvent'), type: WEBHOOK_TEST_TYPE, occurredAt: step.now.toISOString() },
      ...{ livemode, customerId, data: { endpointId } },
    };
    const row = await step.tx.webhookDelivery.create({ data: deliveryRow(ctx, endpoint, event) });
    await step.audit({ action: 'webhook.test', targetId: endpointId, after: { deliveryId: row.id } });
    return toWebhookDelivery(row);
  });
}
