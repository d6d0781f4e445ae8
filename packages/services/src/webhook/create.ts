import { webhookFormat } from '@tollwright/contracts';
import { sealSecret } from '@tollwright/contracts/sealed-secret';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { parse } from '../parse.ts';
import { conflict } from '../refusals.ts';
import {
  makeWebhookSecret,
  toWebhookEndpoint,
  webhookDescription,
  webhookEventTypes,
  webhookSecretContext,
  webhookSecretOutput,
  webhookTarget,
  webhookUrl,
} from './webhook-endpoint.ts';

/** Endpoints of one owner: each event is written once for each of them. */
const ENDPOINTS_MAX = 20;

export const createWebhookInput = z.object({
  ...webhookTarget,
  url: webhookUrl,
  description: webhookDescription.optional(),
  eventTypes: webhookEventTypes.optional(),
  format: webhookFormat.optional().meta({ description: 'slack: a line of text for an incoming webhook of Slack' }),
  livemode: z.boolean().optional().meta({ description: 'Default: true' }),
});
export const createWebhookOutput = webhookSecretOutput;

/** Adds an address that hears of events. Its secret is shown once and stored sealed. */
export async function createWebhook(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof createWebhookInput>,
): Promise<z.output<typeof createWebhookOutput>> {
  const wanted = parse(createWebhookInput, input);
  const { providerId, url, description = '', eventTypes = [], format = 'standard', livemode = true } = wanted;
  const access = await authorize(ctx, actor, wanted, 'write');
  const { customerId } = access;
  return change(ctx, access, async (step) => {
    const there = await step.tx.webhookEndpoint.count({ where: { providerId, customerId } });
    if (there >= ENDPOINTS_MAX) throw conflict(`There are ${ENDPOINTS_MAX} endpoints already: remove one first.`);
    const id = step.id('webhookEndpoint');
    const secret = makeWebhookSecret(ctx.random);
    const row = await step.tx.webhookEndpoint.create({
      data: {
        ...{ id, providerId, customerId, url, description, eventTypes, format, livemode },
        sealedSecret: sealSecret(ctx.masterKeys, webhookSecretContext(providerId, id), secret),
        ...{ createdAt: step.now, updatedAt: step.now },
      },
    });
    await step.audit({ action: 'webhook.create', targetId: id, after: toWebhookEndpoint(row) });
    return { ...toWebhookEndpoint(row), secret };
  });
}
