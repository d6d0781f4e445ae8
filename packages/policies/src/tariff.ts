import type { PolicyConfig } from '@tollwright/contracts';
import {
  createMeasure,
  type EventData,
  type Meter,
  type PlanTerms,
  type Prepaid,
  type Quantity,
  type RateCard,
  type Rated,
  rate,
  rateWorst,
  type TierPosition,
  tieredMeters,
} from '@tollwright/core';
import { tiersOf } from './monetization/monetization.ts';
import type { TierFields } from './monetization/tiers.ts';
import { createQuotaPolicy, type QuotaPolicy } from './quota/quota.ts';
import { quotaType } from './quota/quota-type.ts';
import { createTierCounter, type TierCounter } from './quota/tier-counter.ts';
import { createRateLimitPolicy, type RateLimitPolicy } from './rate-limit/rate-limit.ts';

/** Usage with its price under one plan. */
export interface Priced {
  readonly quantities: readonly Quantity[];
  readonly rated: Rated;
}

/** A plan version made ready for calls: its policies built, its meters chosen, its price list bound. */
export interface Tariff {
  readonly planVersionId: string;
  readonly outputTokensMax: number;
  /** Whether calls are drawn from credit that was paid before, and what it is sold in; null: they are charged to the account. */
  readonly prepaid: Prepaid | null;
  readonly rateLimit: RateLimitPolicy | null;
  readonly quotas: readonly QuotaPolicy[];
  /** What is counted over a billing cycle for tiers of the price list. */
  readonly tierCounters: readonly TierCounter[];
  /** Event fields that money or a quota depends on; a call must bound each of them. */
  readonly boundFields: ReadonlySet<string>;
  /** Whether the price depends on how long or how large the answer is, which is known only when it is over. */
  readonly knownAtEnd: boolean;
  /** Fields that tiers add to the data of a call; null where the plan has no tiers. */
  readonly tiers: TierFields | null;
  /** `data` as it was metered; tiers are added. Priced on from where the call stands on the tiers of the price list. */
  price(data: EventData, position?: TierPosition): Priced;
  /** The most that it can cost, wherever the call stands. */
  priceWorst(data: EventData): Priced;
  /** The same plan with further rate cards, for a call beyond a quota. */
  withCards(rateCards: readonly RateCard[]): Tariff;
}

/** What a tariff is made of. */
export interface TariffPlan {
  readonly planVersionId: string;
  readonly terms: PlanTerms;
}

/**
 * Compiles a published plan against the meters of an API. `eventType` is the type of the calls it will price; `apiPolicies`
 * are the API's own.
 */
export function createTariff(
  plan: TariffPlan,
  meters: readonly Meter[],
  eventType: string,
  apiPolicies: readonly PolicyConfig[] = [],
): Tariff {
  const { terms } = plan;
  const needed = neededMeters(terms, apiPolicies);
  const relevant = meters.filter((meter) => meter.eventType === eventType && needed.has(meter.slug));
  const measure = createMeasure(relevant, eventType);
  const fields = relevant.flatMap((meter) => (meter.valueProperty === null ? [] : [fieldOf(meter.valueProperty)]));
  const boundFields = new Set(fields);
  const tiers = tiersOf(apiPolicies, terms.policies ?? []);
  const priced = (data: EventData, rated: (used: readonly Quantity[]) => Rated): Priced => {
    const quantities = measure(tiers === null ? data : { ...data, ...tiers(data) });
    // What was not used needs no price: a route without tokens may have no model.
    return { quantities, rated: rated(quantities.filter(({ quantity }) => quantity > 0n)) };
  };
  const tariffOf = (rateCards: readonly RateCard[]): Tariff => ({
    planVersionId: plan.planVersionId,
    outputTokensMax: terms.outputTokensMax,
    prepaid: terms.prepaid ?? null,
    rateLimit: terms.rateLimit === null ? null : createRateLimitPolicy(terms.rateLimit),
    quotas: terms.quotas.map(createQuotaPolicy),
    boundFields,
    knownAtEnd: boundFields.has('bytes_out') || boundFields.has('duration_ms'),
    tiers,
    tierCounters: tieredMeters(rateCards).map(createTierCounter),
    price: (data, position) => priced(data, (used) => rate(rateCards, used, position)),
    priceWorst: (data) => priced(data, (used) => rateWorst(rateCards, used)),
    withCards: (more) => tariffOf([...rateCards, ...more]),
  });
  return tariffOf(terms.rateCards);
}

function neededMeters(terms: PlanTerms, apiPolicies: readonly PolicyConfig[]): Set<string> {
  const needed = new Set(terms.quotas.flatMap((quota) => quota.meters));
  for (const { price } of terms.rateCards) if (price.kind !== 'flat') needed.add(price.meter);
  for (const { type, options } of [...apiPolicies, ...(terms.policies ?? [])]) {
    if (type === quotaType.type) for (const meter of quotaType.options.parse(options).meters) needed.add(meter);
  }
  return needed;
}

function fieldOf(path: string): string {
  return path.startsWith('$.') ? path.slice(2) : path;
}
