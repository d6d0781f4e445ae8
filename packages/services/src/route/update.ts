import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, moneyText, providerId } from '../fields.ts';
import { given } from '../given.ts';
import { parse } from '../parse.ts';
import { invalid, notFound } from '../refusals.ts';
import { type RouteOutput, routeOutput, toRoute } from './route.ts';

export const updateRouteInput = z.object({
  providerId,
  routeId: idText,
  extractorId: idText.nullable().optional(),
  bodyBytesMax: z
    .int()
    .min(0)
    .max(64 * 1024 * 1024)
    .optional(),
  strangerPriceNanoUsd: moneyText.nullable().optional(),
});
export const updateRouteOutput = routeOutput;

/** Sets how a route is read, how large its bodies may be and what strangers pay. */
export async function updateRoute(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof updateRouteInput>,
): Promise<RouteOutput> {
  const wanted = parse(updateRouteInput, input);
  const { providerId, routeId, extractorId, strangerPriceNanoUsd: price } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const row = await step.tx.route.findFirst({ where: { providerId, id: routeId, archivedAt: null } });
    if (!row) throw notFound();
    if (typeof extractorId === 'string') {
      const where = { providerId, id: extractorId, archivedAt: null };
      if (!(await step.tx.extractor.findFirst({ where }))) throw invalid('extractorId', 'names no extractor');
    }
    const strangerPriceNanoUsd = typeof price === 'string' ? BigInt(price) : price;
    const data = given({ extractorId, bodyBytesMax: wanted.bodyBytesMax, strangerPriceNanoUsd });
    const after = toRoute(await step.tx.route.update({ where: { id: routeId }, data }));
    await step.audit({ action: 'route.update', targetId: routeId, before: toRoute(row), after });
    await step.publishApi(row.apiId);
    return after;
  });
}
