import type { SnapshotRoute, VolumeDiscount } from '@tollwright/contracts';
import { discounted, periodAt, reachedTier, type Volume } from '@tollwright/core';
import { maxTimeoutSeconds, type Payment } from '@tollwright/payments';
import type { Visit } from '../../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../../snapshot/compiled-api.ts';
import { standingRoutes } from '../offers.ts';
import { isCeiling } from '../sale.ts';

/**
 * Whether a payment is for a price that its payer has: the full one, or a discount which it has reached now or when a challenge that
 * is still alive was made. What it paid for before is its own in any case. Rejects with StateUnavailable.
 */
export async function hasPrice(
  visit: Visit,
  api: CompiledApi,
  route: CompiledRoute,
  payment: Payment,
  payer: string | null,
): Promise<boolean> {
  const standing = standingRoutes(visit, api, route).map(({ route: priced }) => priced);
  if (isCeiling(payment) || standing.every(({ discount }) => discount === undefined)) return true;
  const { priceNanoUsd } = payment.offer;
  if (standing.some(({ strangerPriceNanoUsd: full }) => full === priceNanoUsd)) return true;
  if (payer !== null) {
    for (const { rule, percentOff } of standing.flatMap((sold) => tiersAt(sold, priceNanoUsd))) {
      const volumes = await volumesOf(visit, api, rule, payer);
      if (volumes.some((volume) => (reachedTier(rule.tiers, volume)?.percentOff ?? 0) >= percentOff)) return true;
    }
  }
  const known = await visit.gateway.state.claims.get(payment.claimKey);
  return known !== null && known.state !== 'released';
}

/** The discounts by which a route is sold at a price. */
function tiersAt({ discount: rule, strangerPriceNanoUsd: full }: SnapshotRoute, priceNanoUsd: bigint) {
  if (rule === undefined || full === null) return [];
  return rule.tiers
    .filter(({ percentOff }) => discounted(full, percentOff) === priceNanoUsd)
    .map(({ percentOff }) => ({ rule, percentOff }));
}

/** Of now, and of the period in which the oldest challenge that is alive was made. */
async function volumesOf(
  { gateway, startedAtMs }: Visit,
  { snapshot }: CompiledApi,
  { period }: VolumeDiscount,
  payer: string,
): Promise<readonly Volume[]> {
  const moments = [startedAtMs, startedAtMs - maxTimeoutSeconds * 1_000];
  const periods = new Map(moments.map((atMs) => [periodAt(period, atMs).id, atMs]));
  const { apiId } = snapshot;
  return Promise.all([...periods.values()].map((atMs) => gateway.state.volumes.read({ apiId, payer, period, atMs })));
}
