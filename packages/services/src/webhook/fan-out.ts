import type { WebhookEvent } from '@tollwright/contracts';
import { withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { deliveryRow } from './delivery-row.ts';
import { hears } from './webhook-endpoint.ts';

/**
 * Writes a delivery of an event for each endpoint that wants to hear of it: the provider's, and those of the customer whom it
 * concerns. Harmless when repeated.
 */
export async function fanOut(
  ctx: Pick<ServiceContext, 'db' | 'clock' | 'random'>,
  providerId: string,
  event: WebhookEvent,
): Promise<void> {
  const { customerId, livemode, type } = event;
  await withTenant(ctx.db, { providerId, customerId: '*' }, async (tx) => {
    const endpoints = await tx.webhookEndpoint.findMany({
      where: {
        ...{ providerId, disabledAt: null },
        OR: [{ customerId: null }, ...(customerId === null ? [] : [{ customerId }])],
        ...(livemode === null ? {} : { livemode }),
      },
      orderBy: { id: 'asc' },
    });
    const data = endpoints
      .filter((endpoint) => hears(endpoint, type))
      .map((endpoint) => deliveryRow(ctx, endpoint, event));
    if (data.length > 0) await tx.webhookDelivery.createMany({ data, skipDuplicates: true });
  });
}
