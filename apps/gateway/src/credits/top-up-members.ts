import { formatUsd, type Prepaid, ZERO_USD } from '@tollwright/core';
import { quoteAll } from '@tollwright/payments';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';

/** The path of an API, below its address, where a key pays in. */
export const CREDITS_PATH = '/_tw/credits';

/** Members of a problem document that say where credit is bought: any amount at `topUpUrl`, or what the plan sells it in. */
export function topUpMembers(
  { gateway }: Pick<Visit, 'gateway'>,
  { snapshot }: CompiledApi,
  prepaid: Prepaid | null,
): Readonly<Record<string, unknown>> {
  const url = `${gateway.gatewayUrl}/${snapshot.providerSlug}/${snapshot.apiSlug}${CREDITS_PATH}`;
  return {
    topUpUrl: `${url}?amount={usd}`,
    creditPacks: (prepaid?.packs ?? []).map(({ key, name, priceNanoUsd, creditNanoUsd }) => ({
      ...{ key, name, priceUsd: formatUsd(priceNanoUsd), creditUsd: formatUsd(creditNanoUsd) },
      topUpUrl: `${url}?pack=${key}`,
    })),
  };
}

/**
 * Members of a 402 whose price is too little for a card, while the provider takes cards: the packs of its prepaid plans, and where
 * to get a key for them. None otherwise.
 */
export function packsByCard(
  { gateway }: Pick<Visit, 'gateway'>,
  { snapshot }: CompiledApi,
  { route }: CompiledRoute,
): Readonly<Record<string, unknown>> {
  const packs = snapshot.plans.flatMap(({ planKey, terms }) =>
    (terms.prepaid?.packs ?? []).map(({ key, name, priceNanoUsd, creditNanoUsd }) => {
      return { plan: planKey, key, name, priceUsd: formatUsd(priceNanoUsd), creditUsd: formatUsd(creditNanoUsd) };
    }),
  );
  if (packs.length === 0) return {};
  const { leftOut } = quoteAll(gateway.rails, snapshot.wallets, route.strangerPriceNanoUsd ?? ZERO_USD);
  if (!leftOut.some(({ reason }) => reason === 'below-the-minimum')) return {};
  return { creditPacks: packs, plansUrl: `${gateway.portalUrl}/p/${snapshot.providerSlug}` };
}
