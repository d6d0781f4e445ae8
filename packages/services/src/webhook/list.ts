import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import {
  toWebhookEndpoint,
  type WebhookEndpointOutput,
  webhookEndpointOutput,
  webhookTarget,
} from './webhook-endpoint.ts';

export const listWebhooksInput = z.object({ ...webhookTarget, ...pageInput });
export const listWebhooksOutput = pageOf(webhookEndpointOutput);

/** The addresses that hear of a provider's events, or of one customer's, oldest first. */
export async function listWebhooks(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listWebhooksInput>,
): Promise<Page<WebhookEndpointOutput>> {
  const wanted = parse(listWebhooksInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'asc');
  const where = { providerId: wanted.providerId, customerId: access.customerId, id: after };
  const rows = await read(ctx, access, (tx) => tx.webhookEndpoint.findMany({ where, orderBy, take }));
  return toPage(rows, wanted.limit, toWebhookEndpoint);
}
