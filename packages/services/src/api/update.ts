import { stepUpNeed, upstreamBreaker } from '@tollwright/contracts';
import { toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { amountOf, displayName, idText, moneyText, providerId } from '../fields.ts';
import { given } from '../given.ts';
import { parse } from '../parse.ts';
import { type ApiOutput, apiOutput, apiSelection, toApi } from './api.ts';
import { findApi } from './find-api.ts';
import { refuseOwnAddress, timeouts, upstreamBaseUrl, upstreamFallbacks } from './upstream.ts';

export const updateApiInput = z.object({
  providerId,
  apiId: idText,
  name: displayName.optional(),
  upstreamBaseUrl: upstreamBaseUrl.optional(),
  upstreamFallbacks: upstreamFallbacks.optional(),
  upstreamBreaker: upstreamBreaker.optional(),
  timeouts: timeouts.optional(),
  stepUpAboveNanoUsd: moneyText.nullable().optional(),
  stepUpPayerAboveNanoUsd: moneyText.nullable().optional(),
  stepUpNeeds: stepUpNeed.optional(),
});
export const updateApiOutput = apiOutput;

/** Changes where and how patiently calls are forwarded, and from where on payments on its routes need more than money. */
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
    refuseOwnAddress(wanted.upstreamFallbacks ? 'upstreamFallbacks' : 'upstreamBaseUrl', {
      upstreamBaseUrl: wanted.upstreamBaseUrl ?? before.upstreamBaseUrl,
      upstreamFallbacks: wanted.upstreamFallbacks ?? before.upstreamFallbacks,
    });
    const data = given({
      name: wanted.name,
      upstreamBaseUrl: wanted.upstreamBaseUrl,
      upstreamFallbacks: wanted.upstreamFallbacks,
      upstreamBreaker: wanted.upstreamBreaker && toDbJson(wanted.upstreamBreaker),
      connectTimeoutMs: wanted.timeouts?.connectMs,
      firstByteTimeoutMs: wanted.timeouts?.firstByteMs,
      idleTimeoutMs: wanted.timeouts?.idleMs,
      totalTimeoutMs: wanted.timeouts?.totalMs,
      stepUpAboveNanoUsd: amountOf(wanted.stepUpAboveNanoUsd),
      stepUpPayerAboveNanoUsd: amountOf(wanted.stepUpPayerAboveNanoUsd),
      stepUpNeeds: wanted.stepUpNeeds,
    });
    await step.tx.api.update({ where: { id: apiId }, data });
    await step.publishApi(apiId);
    const after = toApi(ctx, await step.tx.api.findUniqueOrThrow({ where: { id: apiId }, select: apiSelection }));
    await step.audit({ action: 'api.update', targetId: apiId, before, after });
    return after;
  });
}
