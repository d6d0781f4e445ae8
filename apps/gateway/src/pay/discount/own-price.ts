import type { VolumeDiscount } from '@tollwright/contracts';
import { reachedTier, type Volume, ZERO_USD } from '@tollwright/core';
import { type Challenge, namedOnly, type Quoted } from '@tollwright/payments';
import { StateUnavailable } from '@tollwright/state';
import type { Visit } from '../../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../../snapshot/compiled-api.ts';
import { currentQuote } from '../offers.ts';
import { discountMembers, type OwnDiscount } from './discount-members.ts';

/** What one payer is asked for on a route now, and its discount; null where there is none to be had. */
export interface OwnPrice {
  readonly quote: Quoted;
  readonly discount: OwnDiscount | null;
}

/**
 * The price of whoever is known to ask, as `volumePayerOf` has it; of anybody with null. What the store has lost, or cannot
 * say, is the full price.
 */
export async function ownPrice(
  visit: Visit,
  api: CompiledApi,
  route: CompiledRoute,
  payer: string | null,
): Promise<OwnPrice> {
  const { discount: rule, strangerPriceNanoUsd } = route.route;
  if (rule === undefined) return { quote: currentQuote(visit.gateway, api, route), discount: null };
  const volume = payer === null ? null : await volumeNow(visit, api, rule, payer);
  const reached = reachedTier(rule.tiers, volume ?? NOTHING)?.percentOff ?? 0;
  const { quote, percentOff } = ownQuote(visit, api, route, payer, reached);
  return { quote, discount: { rule, fullNanoUsd: strangerPriceNanoUsd ?? ZERO_USD, percentOff, payer, volume } };
}

/** The discounted offers; the full ones where nothing takes so little. */
function ownQuote(
  { gateway }: Visit,
  api: CompiledApi,
  route: CompiledRoute,
  payer: string | null,
  percentOff: number,
): { readonly quote: Quoted; readonly percentOff: number } {
  const less = currentQuote(gateway, api, route, percentOff);
  const isWallet = percentOff > 0 && payer?.startsWith('wallet:') === true;
  const quote = isWallet ? namedOnly(gateway.rails, less) : less;
  const isNone = percentOff > 0 && quote.offers.length === 0;
  return isNone ? { quote: currentQuote(gateway, api, route), percentOff: 0 } : { quote, percentOff };
}

/** A 402 that says which discount there is, and what its payer has of it. */
export function withDiscount(challenge: Challenge, discount: OwnPrice['discount']): Challenge {
  if (discount === null) return challenge;
  return { ...challenge, members: { ...challenge.members, discount: discountMembers(discount) } };
}

const NOTHING: Volume = { calls: 0, spentNanoUsd: 0n };

async function volumeNow(
  visit: Visit,
  { snapshot }: CompiledApi,
  rule: VolumeDiscount,
  payer: string,
): Promise<Volume> {
  const { gateway, startedAtMs: atMs } = visit;
  try {
    return await gateway.state.volumes.read({ apiId: snapshot.apiId, payer, period: rule.period, atMs });
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    return NOTHING;
  }
}
