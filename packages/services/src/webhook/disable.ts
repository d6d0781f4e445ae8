import { makeId } from '@tollwright/core';
import { type DbWebhookEndpoint, type Tx, toDbJson } from '@tollwright/db';
import { enqueue } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { tell } from './tell.ts';
import { shownUrl } from './webhook-endpoint.ts';

const REASONS = {
  failing: 'Nothing was delivered to it for five days.',
  gone: 'It answered that it is gone (410).',
} as const;

/** Disables an endpoint, once: its owners are written to, and other endpoints hear of it. Answers the outbox rows. */
export async function disableWebhook(
  tx: Tx,
  ctx: ServiceContext,
  endpoint: DbWebhookEndpoint,
  reason: keyof typeof REASONS,
): Promise<string[]> {
  const { id, providerId, customerId, livemode } = endpoint;
  const now = new Date(ctx.clock());
  const { count } = await tx.webhookEndpoint.updateMany({
    where: { id, disabledAt: null },
    data: { disabledBy: reason, disabledAt: now, updatedAt: now },
  });
  if (count === 0) return [];
  await tx.auditEntry.create({
    data: {
      id: makeId('audit', ctx.clock(), ctx.random(10)),
      ...{ providerId, customerId, actor: 'tollwright', action: 'webhook.disable', targetId: id, createdAt: now },
      after: toDbJson({ reason }),
    },
  });
  return [
    ...(await mailOwners(tx, ctx, endpoint, reason)),
    ...(await tell(tx, ctx, providerId, [
      {
        ...{ type: 'webhook_endpoint.disabled', customerId, livemode, occurredAt: now },
        data: { endpointId: id, reason },
      },
    ])),
  ];
}

async function mailOwners(
  tx: Tx,
  ctx: ServiceContext,
  endpoint: DbWebhookEndpoint,
  reason: keyof typeof REASONS,
): Promise<string[]> {
  const { providerId, customerId } = endpoint;
  const { name, slug } = await tx.provider.findUniqueOrThrow({ where: { id: providerId } });
  const owners = await tx.membership.findMany({
    where: { providerId, customerId, role: 'owner' },
    include: { user: { select: { email: true } } },
    orderBy: { id: 'asc' },
  });
  const { portalUrl } = ctx.publicUrls;
  const page =
    customerId === null ? `/console/${slug}/settings?tab=webhooks` : `/p/${slug}/${customerId}/team?tab=webhooks`;
  const text = `${shownUrl(endpoint)} is told of nothing any more. ${REASONS[reason]} What was on its way to it waits until you enable it again:\n\n${portalUrl}${page}\n`;
  const sent: string[] = [];
  for (const { user } of owners) {
    const message = { to: user.email, subject: `${name}: a webhook was disabled`, text };
    sent.push(await enqueue(ctx, tx, providerId, { kind: 'mail', ...message }));
  }
  return sent;
}
