import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import {
  toWebhookDelivery,
  type WebhookDeliveryOutput,
  webhookDeliveryOutput,
  webhookDeliveryState,
} from './delivery.ts';
import { webhookTarget } from './webhook-endpoint.ts';

export const listWebhookDeliveriesInput = z.object({
  ...webhookTarget,
  endpointId: idText.optional(),
  state: webhookDeliveryState.optional(),
  ...pageInput,
});
export const listWebhookDeliveriesOutput = pageOf(webhookDeliveryOutput);

/** Events on their way to an owner's endpoints, or to one of them, newest first. Ended ones are kept for 30 days. */
export async function listWebhookDeliveries(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listWebhookDeliveriesInput>,
): Promise<Page<WebhookDeliveryOutput>> {
  const wanted = parse(listWebhookDeliveriesInput, input);
  const { providerId, endpointId, state } = wanted;
  const access = await authorize(ctx, actor, wanted, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'desc');
  const where = {
    ...{ providerId, customerId: access.customerId, id: after },
    ...(endpointId === undefined ? {} : { endpointId }),
    ...(state === undefined ? {} : { state }),
  };
  const rows = await read(ctx, access, (tx) => tx.webhookDelivery.findMany({ where, orderBy, take }));
  return toPage(rows, wanted.limit, toWebhookDelivery);
}
