import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText } from '../fields.ts';
import { parse } from '../parse.ts';
import { conflict, notFound } from '../refusals.ts';
import { toWebhookDelivery, type WebhookDeliveryOutput, webhookDeliveryOutput } from './delivery.ts';
import { webhookTarget } from './webhook-endpoint.ts';

export const replayWebhookInput = z.object({ ...webhookTarget, deliveryId: idText });
export const replayWebhookOutput = webhookDeliveryOutput;

/** Sends a delivery again, now and with the whole schedule before it. It keeps its id and its body. */
export async function replayWebhook(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof replayWebhookInput>,
): Promise<WebhookDeliveryOutput> {
  const wanted = parse(replayWebhookInput, input);
  const { providerId, deliveryId: id } = wanted;
  const access = await authorize(ctx, actor, wanted, 'write');
  const { customerId } = access;
  return change(ctx, access, async (step) => {
    const found = await step.tx.webhookDelivery.findFirst({
      where: { providerId, customerId, id },
      include: { endpoint: true },
    });
    if (found === null) throw notFound();
    if (found.endpoint.disabledAt !== null) throw conflict('Its endpoint is disabled: enable it first.');
    const data = { state: 'pending', tries: 0, nextAttemptAt: step.now };
    const row = await step.tx.webhookDelivery.update({ where: { id }, data });
    await step.audit({ action: 'webhook.replay', targetId: id });
    return toWebhookDelivery(row);
  });
}
