import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { type FeatureOutput, featureOutput, toFeature } from './feature.ts';

export const archiveFeatureInput = z.object({ providerId, featureId: idText });
export const archiveFeatureOutput = featureOutput;

/** Takes a feature off the list. Published plan versions keep what they granted. */
export async function archiveFeature(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof archiveFeatureInput>,
): Promise<FeatureOutput> {
  const { providerId, featureId } = parse(archiveFeatureInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const row = await step.tx.feature.findFirst({ where: { providerId, id: featureId, archivedAt: null } });
    if (!row) throw notFound();
    await step.tx.feature.update({ where: { id: featureId }, data: { archivedAt: step.now } });
    await step.audit({ action: 'feature.archive', targetId: featureId });
    return toFeature(row);
  });
}
