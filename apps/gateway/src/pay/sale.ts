import { type EventData, formatUsd, type NanoUsd, type Problem, rate, rational } from '@tollwright/core';
import { maxTimeoutSeconds, type Payment } from '@tollwright/payments';
import { capWithin, type Priced, type Tariff, type WorstCase } from '@tollwright/policies';
import { boundOn } from '../pipeline/bound-on.ts';
import { PERIOD_START, type Rated } from '../pipeline/outcome.ts';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import type { StrangerCeiling } from '../snapshot/stranger-tariff.ts';

/** What a paid call is rated by, and the most that it costs: all of a fixed price, or what its use may come to. */
export interface Sale {
  readonly tariff: Tariff;
  readonly worst: WorstCase;
}

export type SaleReply =
  | { readonly kind: 'sold'; readonly sale: Sale }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Whether a payment authorizes a ceiling, of which what was used is taken. */
export function isCeiling({ offer }: Pick<Payment, 'offer'>): boolean {
  return offer.isCeiling === true;
}

/**
 * Bounds a paid call before its payment is claimed. Under a ceiling its worst case has to fit: an output cap that the gateway
 * puts in is lowered to what does, one of the caller's own is not, and the call is refused.
 */
export function saleOf(
  visit: Visit,
  api: CompiledApi,
  route: CompiledRoute,
  payment: Payment,
  body: Buffer | null,
): SaleReply {
  const { priceNanoUsd } = payment.offer;
  if (!isCeiling(payment)) return { kind: 'sold', sale: withFreeAnswers(route, fixedSale(route, priceNanoUsd)) };
  const ceiling = standingCeiling(visit, api, route);
  if (ceiling === null) return refuse('This route has no price list for strangers any more.');
  const { tariff } = ceiling;
  const bound = boundOn(tariff, api, route, body);
  if (bound.kind === 'refused') return bound;
  const worst = within(tariff, bound.worst, priceNanoUsd, api.budget.options.outputTokensMin);
  if (worst !== null) return { kind: 'sold', sale: withFreeAnswers(route, { tariff, worst }) };
  const [most, ceilingUsd] = [bound.worst.priced.rated.amountNanoUsd, priceNanoUsd].map((amount) => formatUsd(amount));
  return refuse(`This call may cost ${most} dollars, and strangers pay at most ${ceilingUsd}.`);
}

/** The call as it fits under a ceiling; null where it does not. */
export function within(
  tariff: Tariff,
  worst: WorstCase,
  ceilingNanoUsd: NanoUsd,
  outputTokensMin: number,
): WorstCase | null {
  const amountOf = ({ priced }: WorstCase) => priced.rated.amountNanoUsd;
  if (amountOf(worst) <= ceilingNanoUsd) return worst;
  return capWithin(tariff, worst, { remaining: ceilingNanoUsd, amountOf, outputTokensMin });
}

/** A paid call as its outcome is worked out: no account, so nothing is counted against limits. */
export function ratedSale(route: CompiledRoute, { tariff, worst }: Sale): Rated {
  return { call: { route, tariff, worst, asked: null, nodes: [] }, nodes: [], position: PERIOD_START };
}

const NOTHING: Priced = { quantities: [], rated: rate([], []) };

/** The same sale, but for answers that cost nothing by the route's own rule. */
function withFreeAnswers({ route: { freeAnswers: free } }: CompiledRoute, { tariff, worst }: Sale): Sale {
  if (free === undefined) return { tariff, worst };
  const { statuses, zeroField } = free;
  const isFree = (data: EventData) =>
    statuses.some((status) => data.status === status) || (zeroField !== null && data[zeroField] === 0);
  return { worst, tariff: { ...tariff, price: (data) => (isFree(data) ? NOTHING : tariff.price(data)) } };
}

/** Every call costs the same, whatever it used. */
export function fixedSale({ known }: CompiledRoute, priceNanoUsd: NanoUsd): Sale {
  const rated = { amountNanoUsd: priceNanoUsd, exactNanoUsd: rational(priceNanoUsd), lines: [], unpriced: [] };
  const priced = { quantities: [], rated };
  const tariff: Tariff = {
    planVersionId: '',
    outputTokensMax: Number.MAX_SAFE_INTEGER,
    rateLimit: null,
    quotas: [],
    tierCounters: [],
    boundFields: new Set(),
    knownAtEnd: false,
    tiers: null,
    prepaid: null,
    price: () => priced,
    priceWorst: () => priced,
    withCards: () => tariff,
  };
  const cap = { names: [], tokensPerChoice: Number.MAX_SAFE_INTEGER, choices: 1, own: false, asWritten: true };
  const worst = { data: known, priced, cap, text: null, inputBytes: 0, stream: false, asksUsage: false };
  return { tariff, worst };
}

/** Prices are those of now; where a route has none by use any more, those that its last challenges were made under. */
function standingCeiling({ gateway, startedAtMs }: Visit, api: CompiledApi, route: CompiledRoute) {
  if (route.ceiling !== null) return route.ceiling;
  const aliveSinceMs = startedAtMs - maxTimeoutSeconds * 1_000;
  const ceilings = gateway.registry
    .replacedSince(api.snapshot.apiId, aliveSinceMs)
    .map(({ routes }) => routes.find((known) => known.route.id === route.route.id)?.ceiling ?? null);
  return ceilings.find((ceiling): ceiling is StrangerCeiling => ceiling !== null) ?? null;
}

function refuse(detail: string): SaleReply {
  return { kind: 'refused', problem: { slug: 'unbounded-call', detail } };
}
