import { GATEWAY_FIELDS, REQUEST_EVENT_TYPE, slug } from '@tollwright/contracts';
import { findProviderBySlug, withTenant } from '@tollwright/db';
import { z } from 'zod';
import { apiBaseUrl } from '../api/api.ts';
import type { ServiceContext } from '../context.ts';
import { parse } from '../parse.ts';
import { visiblePlanOutput } from '../plan/list-visible.ts';
import { newestPublished } from '../plan/newest-published.ts';
import { notFound } from '../refusals.ts';

export const getStorefrontInput = z.object({ slug });
export const storefrontOutput = z.object({
  provider: z.object({ id: z.string(), slug: z.string(), name: z.string(), brandColor: z.string() }),
  apis: z.array(
    z.object({
      id: z.string(),
      slug: z.string(),
      name: z.string(),
      baseUrl: z.string(),
      routes: z.array(
        z.object({
          id: z.string(),
          operationId: z.string(),
          method: z.string(),
          pathTemplate: z.string(),
          summary: z.string(),
          strangerPriceNanoUsd: z.string().nullable(),
          /** Whether strangers pay what a call used, and the price is the most that it costs. */
          strangerPriceIsCeiling: z.boolean(),
          /** Slugs of the meters that measure its calls: prices of a plan on other meters never apply to it. */
          meters: z.array(z.string()),
        }),
      ),
    }),
  ),
  plans: z.array(visiblePlanOutput),
});
export type Storefront = z.output<typeof storefrontOutput>;

/** What anybody may see of a provider: its APIs, their prices for strangers, its public plans. */
export async function getStorefront(
  ctx: ServiceContext,
  input: z.input<typeof getStorefrontInput>,
): Promise<Storefront> {
  const wanted = parse(getStorefrontInput, input);
  const provider = await findProviderBySlug(ctx.db, wanted.slug);
  if (!provider || provider.archivedAt !== null) throw notFound();
  const { id, name, brandColor } = provider;
  return withTenant(ctx.db, { providerId: id, customerId: '' }, async (tx) => {
    const apis = await tx.api.findMany({
      where: { providerId: id, archivedAt: null },
      include: { routes: { where: { archivedAt: null }, orderBy: { id: 'asc' } } },
      orderBy: { id: 'asc' },
    });
    const meters = await tx.meter.findMany({
      where: { providerId: id, eventType: REQUEST_EVENT_TYPE },
      orderBy: { id: 'asc' },
    });
    // Without an extractor nothing is read from an answer: only what the gateway knows itself is measured.
    const ofEveryCall = new Set<string | null>(GATEWAY_FIELDS.map((name) => `$.${name}`));
    const metersOf = (extractorId: string | null) =>
      meters
        .filter(
          (meter) => extractorId !== null || meter.aggregation === 'COUNT' || ofEveryCall.has(meter.valueProperty),
        )
        .map(({ slug }) => slug);
    return {
      provider: { id, slug: provider.slug, name, brandColor },
      apis: apis.map((api) => ({
        id: api.id,
        slug: api.slug,
        name: api.name,
        baseUrl: apiBaseUrl(ctx, provider.slug, api.slug),
        routes: api.routes.map((route) => ({
          id: route.id,
          operationId: route.operationId,
          method: route.method,
          pathTemplate: route.pathTemplate,
          summary: route.summary,
          strangerPriceNanoUsd: route.strangerPriceNanoUsd?.toString() ?? null,
          strangerPriceIsCeiling: route.strangerPlanId !== null,
          meters: metersOf(route.extractorId),
        })),
      })),
      plans: await newestPublished(tx, id, null),
    };
  });
}
