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
  webhookDescription,
  webhookEndpointOutput,
  webhookEndpointTarget,
  webhookEventTypes,
  webhookUrl,
} from './webhook-endpoint.ts';

export const updateWebhookInput = z.object({
  ...webhookEndpointTarget,
  url: webhookUrl.optional(),
  description: webhookDescription.optional(),
  eventTypes: webhookEventTypes.optional(),
  disabled: z.boolean().optional().meta({
    description: 'true: it is told nothing, and what was on its way waits. false: what waits is sent at once',
  }),
});
export const updateWebhookOutput = webhookEndpointOutput;

/** Changes where and of what an endpoint is told, or stops and starts it. */
export async function updateWebhook(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof updateWebhookInput>,
): Promise<WebhookEndpointOutput> {
  const wanted = parse(updateWebhookInput, input);
  const { endpointId: id, url, description, eventTypes, disabled } = wanted;
  const access = await authorize(ctx, actor, wanted, 'write');
  return change(ctx, access, async (step) => {
    const before = await findWebhookEndpoint(step.tx, wanted, id);
    const after = await step.tx.webhookEndpoint.update({
      where: { id },
      data: {
        ...(url === undefined ? {} : { url }),
        ...(description === undefined ? {} : { description }),
        ...(eventTypes === undefined ? {} : { eventTypes }),
        ...(disabled === true && before.disabledAt === null ? { disabledBy: 'owner', disabledAt: step.now } : {}),
        ...(disabled === false ? { disabledBy: null, disabledAt: null, failingSince: null } : {}),
        updatedAt: step.now,
      },
    });
    const [was, is] = [toWebhookEndpoint(before), toWebhookEndpoint(after)];
    await step.audit({ action: 'webhook.update', targetId: id, before: was, after: is });
    return is;
  });
}
