import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type FeatureOutput, featureOutput, toFeature } from './feature.ts';

export const listFeaturesInput = z.object({ providerId, ...pageInput });
export const listFeaturesOutput = pageOf(featureOutput);

/** A provider's features that are not archived. */
export async function listFeatures(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listFeaturesInput>,
): Promise<Page<FeatureOutput>> {
  const wanted = parse(listFeaturesInput, input);
  const access = await authorize(ctx, actor, { providerId: wanted.providerId }, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'asc');
  const where = { providerId: wanted.providerId, archivedAt: null, id: after };
  const rows = await read(ctx, access, (tx) => tx.feature.findMany({ where, orderBy, take }));
  return toPage(rows, wanted.limit, toFeature);
}
