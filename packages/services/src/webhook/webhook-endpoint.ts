import { type WebhookEventType, webhookEventType, webhookFormat } from '@tollwright/contracts';
import type { SecretContext } from '@tollwright/contracts/sealed-secret';
import type { DbWebhookEndpoint, Tx } from '@tollwright/db';
import { z } from 'zod';
import { customerId, idText, providerId, toTimestamp } from '../fields.ts';
import { notFound } from '../refusals.ts';

/** Whose endpoints a verb is about: the provider's own, or one customer's. */
export const webhookTarget = { providerId, customerId: customerId.optional() };
export const webhookEndpointTarget = { ...webhookTarget, endpointId: idText };

/** Whether its address may be reached is judged at each delivery, not here. */
export const webhookUrl = z
  .url({ protocol: /^https?$/, message: 'must be an http or https address' })
  .max(500)
  .refine(isPlain, 'must have no user name, password or fragment')
  .meta({ description: 'Address that events are posted to' });

export const webhookDescription = z.string().trim().max(200).meta({ description: 'What it is for' });

export const webhookEventTypes = z
  .array(webhookEventType.exclude(['webhook_endpoint.tested']))
  .max(50)
  .transform((types) => [...new Set(types)].sort())
  .meta({ description: 'What it hears of; none: everything, also what later releases tell' });

export const webhookEndpointOutput = z.object({
  id: z.string(),
  customerId: z.string().nullable().meta({ description: "Null: the provider's own" }),
  url: z.string().meta({ description: 'Of Slack without its middle, since who knows it may write there' }),
  description: z.string(),
  format: webhookFormat,
  eventTypes: z.array(z.string()).meta({ description: 'None: everything' }),
  livemode: z.boolean(),
  oldSecretUntil: z
    .string()
    .nullable()
    .meta({ description: 'Until when the secret before the last rotation signs too' }),
  disabledBy: z
    .enum(['owner', 'failing', 'gone'])
    .nullable()
    .meta({ description: 'failing: nothing was delivered for five days. gone: it answered 410' }),
  disabledAt: z.string().nullable(),
  failingSince: z.string().nullable().meta({ description: 'Since when nothing was delivered' }),
  createdAt: z.string(),
});
export type WebhookEndpointOutput = z.output<typeof webhookEndpointOutput>;

export const webhookSecretOutput = webhookEndpointOutput.extend({
  secret: z.string().meta({ description: 'What deliveries are signed by, whsec_…. Shown this once' }),
});

export function toWebhookEndpoint(row: DbWebhookEndpoint): WebhookEndpointOutput {
  const { id, customerId, description, eventTypes, livemode } = row;
  return {
    ...{ id, customerId, url: shownUrl(row), description, eventTypes, livemode },
    format: webhookFormat.parse(row.format),
    oldSecretUntil: toTimestamp(row.oldSecretUntil),
    disabledBy: webhookEndpointOutput.shape.disabledBy.parse(row.disabledBy),
    disabledAt: toTimestamp(row.disabledAt),
    failingSince: toTimestamp(row.failingSince),
    createdAt: toTimestamp(row.createdAt),
  };
}

/** The address as people may see it. */
export function shownUrl({ url, format }: Pick<DbWebhookEndpoint, 'url' | 'format'>): string {
  return format === 'slack' ? `${new URL(url).origin}/…${url.slice(-4)}` : url;
}

/** One endpoint of its owner. Throws `not-found`. */
export async function findWebhookEndpoint(
  tx: Tx,
  owner: { readonly providerId: string; readonly customerId?: string | undefined },
  id: string,
): Promise<DbWebhookEndpoint> {
  const { providerId, customerId = null } = owner;
  const row = await tx.webhookEndpoint.findFirst({ where: { providerId, customerId, id } });
  if (row === null) throw notFound();
  return row;
}

/** What the secrets of an endpoint are sealed for. */
export function webhookSecretContext(providerId: string, endpointId: string): SecretContext {
  return { tenant: providerId, target: `webhook:${endpointId}` };
}

/** A new secret as Standard Webhooks writes them: 32 bytes. */
export function makeWebhookSecret(random: (bytes: number) => Uint8Array): string {
  return `whsec_${Buffer.from(random(32)).toString('base64')}`;
}

/** Whether an endpoint hears of a type. */
export function hears({ eventTypes }: Pick<DbWebhookEndpoint, 'eventTypes'>, type: WebhookEventType): boolean {
  return eventTypes.length === 0 || eventTypes.includes(type);
}

function isPlain(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const url = new URL(text);
  return url.username === '' && url.password === '' && url.hash === '';
}
