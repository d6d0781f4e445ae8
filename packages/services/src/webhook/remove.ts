import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { parse } from '../parse.ts';
import {
  findWebhookEndpoint,
  toWebhookEndpoint,
  type WebhookEndpointOutput,
  webhookEndpointOutput,
  webhookEndpointTarget,
} from './webhook-endpoint.ts';

export const removeWebhookInput = z.object(webhookEndpointTarget);
export const removeWebhookOutput = webhookEndpointOutput;

/** Removes an endpoint with everything that was sent to it, or waits for it. */
export async function removeWebhook(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof removeWebhookInput>,
): Promise<WebhookEndpointOutput> {
  const wanted = parse(removeWebhookInput, input);
  const { endpointId: id } = wanted;
  const access = await authorize(ctx, actor, wanted, 'write');
  return change(ctx, access, async (step) => {
    const before = toWebhookEndpoint(await findWebhookEndpoint(step.tx, wanted, id));
    await step.tx.webhookEndpoint.delete({ where: { id } });
    await step.audit({ action: 'webhook.remove', targetId: id, before });
    return before;
  });
}
