import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { toWebhookAttempt, toWebhookDelivery, type WebhookDeliveryInFull, webhookDeliveryInFull } from './delivery.ts';
import { shownUrl, webhookTarget } from './webhook-endpoint.ts';

const ATTEMPTS_SHOWN_MAX = 100;

export const getWebhookDeliveryInput = z.object({ ...webhookTarget, deliveryId: idText });
export const getWebhookDeliveryOutput = webhookDeliveryInFull;

/** One delivery: what was sent, and what came back each time. */
export async function getWebhookDelivery(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getWebhookDeliveryInput>,
): Promise<WebhookDeliveryInFull> {
  const wanted = parse(getWebhookDeliveryInput, input);
  const { providerId, deliveryId: id } = wanted;
  const access = await authorize(ctx, actor, wanted, 'read');
  return read(ctx, access, async (tx) => {
    const row = await tx.webhookDelivery.findFirst({
      where: { providerId, customerId: access.customerId, id },
      include: { endpoint: true, attemptRows: { orderBy: { number: 'desc' }, take: ATTEMPTS_SHOWN_MAX } },
    });
    if (row === null) throw notFound();
    const { body, endpoint, attemptRows } = row;
    return { ...toWebhookDelivery(row), url: shownUrl(endpoint), body, history: attemptRows.map(toWebhookAttempt) };
  });
}
