import { sealSecret } from '@tollwright/contracts/sealed-secret';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { parse } from '../parse.ts';
import {
  findWebhookEndpoint,
  makeWebhookSecret,
  toWebhookEndpoint,
  webhookEndpointTarget,
  webhookSecretContext,
  webhookSecretOutput,
} from './webhook-endpoint.ts';

/** How long the old secret signs beside the new one. */
const OLD_SECRET_MS = 86_400_000;

export const rotateWebhookSecretInput = z.object(webhookEndpointTarget);
export const rotateWebhookSecretOutput = webhookSecretOutput;

/** Gives an endpoint a new secret, shown once. For 24 hours deliveries carry a signature by each of the two. */
export async function rotateWebhookSecret(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof rotateWebhookSecretInput>,
): Promise<z.output<typeof rotateWebhookSecretOutput>> {
  const wanted = parse(rotateWebhookSecretInput, input);
  const { providerId, endpointId: id } = wanted;
  const access = await authorize(ctx, actor, wanted, 'write');
  return change(ctx, access, async (step) => {
    const { sealedSecret } = await findWebhookEndpoint(step.tx, wanted, id);
    const secret = makeWebhookSecret(ctx.random);
    const row = await step.tx.webhookEndpoint.update({
      where: { id },
      data: {
        sealedSecret: sealSecret(ctx.masterKeys, webhookSecretContext(providerId, id), secret),
        sealedOldSecret: sealedSecret,
        oldSecretUntil: new Date(step.now.getTime() + OLD_SECRET_MS),
        updatedAt: step.now,
      },
    });
    await step.audit({ action: 'webhook.rotate', targetId: id });
    return { ...toWebhookEndpoint(row), secret };
  });
}
