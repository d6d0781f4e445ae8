import type { SnapshotPlan } from '@tollwright/contracts';
import { createMeasure, type EventData, type Meter, type Quantity, type Rated, rate } from '@tollwright/core';
import { createQuotaPolicy, type QuotaPolicy } from './quota/quota.ts';
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
  readonly rateLimit: RateLimitPolicy | null;
  readonly quotas: readonly QuotaPolicy[];
  /** Event fields that money or a quota depends on; a call must bound each of them. */
  readonly boundFields: ReadonlySet<string>;
  /** Whether the price depends on how long or how large the answer is, which is known only when it is over. */
  readonly knownAtEnd: boolean;
  price(data: EventData): Priced;
}

/** Compiles a published plan against the meters of an API. `eventType` is the type of the calls it will price. */
export function createTariff(plan: SnapshotPlan, meters: readonly Meter[], eventType: string): Tariff {
  const { terms } = plan;
  const needed = new Set(terms.quotas.flatMap((quota) => quota.meters));
  for (const { price } of terms.rateCards) if (price.kind !== 'flat') needed.add(price.meter);
  const relevant = meters.filter((meter) => meter.eventType === eventType && needed.has(meter.slug));
  const measure = createMeasure(relevant, eventType);
  const fields = relevant.flatMap((meter) => (meter.valueProperty === null ? [] : [fieldOf(meter.valueProperty)]));
  const boundFields = new Set(fields);
  return {
    planVersionId: plan.planVersionId,
    outputTokensMax: terms.outputTokensMax,
    rateLimit: terms.rateLimit === null ? null : createRateLimitPolicy(terms.rateLimit),
    quotas: terms.quotas.map(createQuotaPolicy),
    boundFields,
    knownAtEnd: boundFields.has('bytes_out') || boundFields.has('duration_ms'),
    price: (data) => {
      const quantities = measure(data);
      // What was not used needs no price: a route without tokens may have no model.
      const used = quantities.filter(({ quantity }) => quantity > 0n);
      return { quantities, rated: rate(terms.rateCards, used) };
    },
  };
}

function fieldOf(path: string): string {
  return path.startsWith('$.') ? path.slice(2) : path;
}
