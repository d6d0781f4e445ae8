import { ACCESS_SECONDS_MAX, freeAnswers, stepUpNeed, volumeDiscountText } from '@tollwright/contracts';
import type { Tx } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { amountOf, idText, moneyText, providerId } from '../fields.ts';
import { given } from '../given.ts';
import { parse } from '../parse.ts';
import { invalid, notFound } from '../refusals.ts';
import { discountOf, type RouteOutput, routeOutput, routeSettles, stepUpFrom, toRoute } from './route.ts';

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
  strangerPlanId: idText.nullable().optional(),
  settles: routeSettles.optional(),
  exposureCapNanoUsd: moneyText.nullable().optional(),
  stepUpFrom: stepUpFrom.optional().meta({ description: 'Left out: route, where a limit is given' }),
  stepUpAboveNanoUsd: moneyText.nullable().optional(),
  stepUpPayerAboveNanoUsd: moneyText.nullable().optional(),
  stepUpNeeds: stepUpNeed.optional(),
  accessSeconds: z.int().min(1).max(ACCESS_SECONDS_MAX).nullable().optional(),
  discount: volumeDiscountText.nullable().optional(),
  freeAnswers: freeAnswers.optional(),
});
export const updateRouteOutput = routeOutput;

/** Sets how a route is read, how large its bodies may be, what strangers pay and when. */
export async function updateRoute(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof updateRouteInput>,
): Promise<RouteOutput> {
  const wanted = parse(updateRouteInput, input);
  const { providerId, routeId, extractorId, strangerPriceNanoUsd: price, strangerPlanId } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const row = await step.tx.route.findFirst({ where: { providerId, id: routeId, archivedAt: null } });
    if (!row) throw notFound();
    await checkNames(step.tx, wanted);
    checkOnePrice({
      ...{ strangerPlanId: row.strangerPlanId, accessSeconds: row.accessSeconds, discount: discountOf(row) },
      ...given({ strangerPlanId, accessSeconds: wanted.accessSeconds, discount: wanted.discount }),
    });
    const settles = wanted.settles ?? routeSettles.parse(row.settles);
    const data = given({
      extractorId,
      bodyBytesMax: wanted.bodyBytesMax,
      strangerPriceNanoUsd: amountOf(price),
      strangerPlanId,
      settles: wanted.settles,
      exposureCapNanoUsd: exposureCap(settles, wanted.exposureCapNanoUsd, row.exposureCapNanoUsd),
      ...stepUpGiven(wanted),
      accessSeconds: wanted.accessSeconds,
      discount: wanted.discount === null ? {} : wanted.discount,
      freeAnswers: wanted.freeAnswers,
    });
    const after = toRoute(await step.tx.route.update({ where: { id: routeId }, data }));
    await step.audit({ action: 'route.update', targetId: routeId, before: toRoute(row), after });
    await step.publishApi(row.apiId);
    return after;
  });
}

/** Limits make them the route's own; the API's leave it none of its own. */
function stepUpGiven(wanted: z.output<typeof updateRouteInput>) {
  const { stepUpFrom: from, stepUpAboveNanoUsd: above, stepUpPayerAboveNanoUsd: payerAbove, stepUpNeeds } = wanted;
  const [named] = Object.entries({ stepUpAboveNanoUsd: above, stepUpPayerAboveNanoUsd: payerAbove }).filter(
    ([, limit]) => typeof limit === 'string',
  );
  if (from === 'api') {
    if (named !== undefined) throw invalid(named[0], "is for a route with limits of its own: stepUpFrom is 'api'");
    return { stepUpFrom: from, stepUpAboveNanoUsd: null, stepUpPayerAboveNanoUsd: null, stepUpNeeds };
  }
  return {
    stepUpFrom: from ?? (named === undefined ? undefined : ('route' as const)),
    ...{ stepUpAboveNanoUsd: amountOf(above), stepUpPayerAboveNanoUsd: amountOf(payerAbove), stepUpNeeds },
  };
}

/** What a route names has to be there. */
async function checkNames(
  tx: Tx,
  { providerId, extractorId, strangerPlanId }: z.output<typeof updateRouteInput>,
): Promise<void> {
  if (typeof extractorId === 'string') {
    const where = { providerId, id: extractorId, archivedAt: null };
    if (!(await tx.extractor.findFirst({ where }))) throw invalid('extractorId', 'names no extractor');
  }
  if (typeof strangerPlanId === 'string') {
    // What is private to a customer is not told to strangers.
    const where = { providerId, id: strangerPlanId, archivedAt: null, customerId: null };
    const plan = await tx.plan.findFirst({ where: { ...where, versions: { some: { publishedAt: { not: null } } } } });
    if (plan === null) throw invalid('strangerPlanId', 'names no plan that is on offer to everybody');
  }
}

/** What a call used is paid for by each call: there is no one price that could pay for those after it, or be less. */
function checkOnePrice({
  strangerPlanId,
  ...onePrice
}: Pick<RouteOutput, 'strangerPlanId' | 'accessSeconds' | 'discount'>): void {
  if (strangerPlanId === null) return;
  for (const [name, value] of Object.entries(onePrice)) {
    if (value !== null) throw invalid(name, 'is for routes whose calls all cost the same');
  }
}

/** Nobody is served before the money without a cap, and there is none otherwise. */
function exposureCap(
  settles: z.output<typeof routeSettles>,
  wanted: string | null | undefined,
  known: bigint | null,
): bigint | null {
  if (settles !== 'optimistic') return null;
  const cap = typeof wanted === 'string' ? BigInt(wanted) : known;
  if (wanted !== null && cap !== null && cap > 0n) return cap;
  throw invalid('exposureCapNanoUsd', 'must say how much of a payer may be served and not settled');
}
