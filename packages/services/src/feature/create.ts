import { fieldName } from '@tollwright/contracts';
import { isUniqueViolation } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { displayName, providerId } from '../fields.ts';
import { missingMeters } from '../meter/missing-meters.ts';
import { parse } from '../parse.ts';
import { invalid } from '../refusals.ts';
import { type FeatureOutput, featureOutput, toFeature } from './feature.ts';

export const createFeatureInput = z.object({
  providerId,
  key: fieldName,
  name: displayName,
  meterSlugs: z
    .array(fieldName)
    .min(1)
    .max(8)
    .meta({ description: 'Existing meters; their sum is what a quota limits' }),
});
export const createFeatureOutput = featureOutput;

/** Names what plans grant, such as `tokens` = input_tokens + output_tokens. */
export async function createFeature(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof createFeatureInput>,
): Promise<FeatureOutput> {
  const { providerId, key, name, meterSlugs: wanted } = parse(createFeatureInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  const meterSlugs = [...new Set(wanted)];
  try {
    return await change(ctx, access, async (step) => {
      const missing = await missingMeters(step.tx, providerId, meterSlugs);
      if (missing.length > 0) throw invalid('meterSlugs', `there is no COUNT or SUM meter ${missing.join(', ')}`);
      const id = step.id('feature');
      const data = { id, providerId, key, name, meterSlugs, createdAt: step.now };
      const after = toFeature(await step.tx.feature.create({ data }));
      await step.audit({ action: 'feature.create', targetId: id, after });
      return after;
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw invalid('key', 'is taken');
    throw error;
  }
}
