import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { type ApiOutput, apiOutput, apiSelection, toApi } from './api.ts';
import { sealedCredential } from './create.ts';
import { findApi } from './find-api.ts';
import { upstreamCredential } from './upstream.ts';

export const setCredentialInput = z.object({
  providerId,
  apiId: idText,
  credential: upstreamCredential.nullable().meta({ description: 'null removes it' }),
});
export const setCredentialOutput = apiOutput;

/** Replaces the upstream credential. It is stored encrypted and never shown again. */
export async function setCredential(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof setCredentialInput>,
): Promise<ApiOutput> {
  const { providerId, apiId, credential } = parse(setCredentialInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    await findApi(step.tx, providerId, apiId);
    await step.tx.api.update({ where: { id: apiId }, data: sealedCredential(ctx, providerId, apiId, credential) });
    await step.audit({ action: 'api.set-credential', targetId: apiId, after: { header: credential?.header ?? null } });
    await step.publishApi(apiId);
    return toApi(ctx, await step.tx.api.findUniqueOrThrow({ where: { id: apiId }, select: apiSelection }));
  });
}
