import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { displayName, idText, providerId } from '../fields.ts';
import { given } from '../given.ts';
import { parse } from '../parse.ts';
import { type ApiOutput, apiOutput, apiSelection, toApi } from './api.ts';
import { findApi } from './find-api.ts';
import { timeouts, upstreamBaseUrl } from './upstream.ts';

export const updateApiInput = z.object({
  providerId,
  apiId: idText,
  name: displayName.optional(),
  upstreamBaseUrl: upstreamBaseUrl.optional(),
  timeouts: timeouts.optional(),
});
export const updateApiOutput = apiOutput;

/** Changes where and how patiently calls are forwarded. */
export async function updateApi(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof updateApiInput>,
): Promise<ApiOutput> {
  const wanted = parse(updateApiInput, input);
  const { providerId, apiId } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const before = toApi(ctx, await findApi(step.tx, providerId, apiId));
    const data = given({
      name: wanted.name,
      upstreamBaseUrl: wanted.upstreamBaseUrl,
      connectTimeoutMs: wanted.timeouts?.connectMs,
      firstByteTimeoutMs: wanted.timeouts?.firstByteMs,
      idleTimeoutMs: wanted.timeouts?.idleMs,
      totalTimeoutMs: wanted.timeouts?.totalMs,
    });
    await step.tx.api.update({ where: { id: apiId }, data });
    await step.publishApi(apiId);
    const after = toApi(ctx, await step.tx.api.findUniqueOrThrow({ where: { id: apiId }, select: apiSelection }));
    await step.audit({ action: 'api.update', targetId: apiId, before, after });
    return after;
  });
}
