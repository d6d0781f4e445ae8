import { assignHues, type TimeBucket } from '@tollwright/ui';

interface RevenueBucket {
  readonly at: string;
  readonly usageNanoUsd: string;
  readonly paymentsNanoUsd: string;
  readonly feesNanoUsd: string;
}

export const REVENUE_LABELS = { usage: 'Usage under plans', fees: 'Plan fees', payments: 'Paid per call' } as const;
export const REVENUE_HUES = assignHues(Object.keys(REVENUE_LABELS));

/** What was earned over time by where it comes from; the sum of all bars is the revenue. */
export function revenueBuckets({ revenue }: { readonly revenue: readonly RevenueBucket[] }): readonly TimeBucket[] {
  return revenue.map(({ at, usageNanoUsd, paymentsNanoUsd, feesNanoUsd }) => ({
    at,
    values: withoutZeros({ usage: usageNanoUsd, fees: feesNanoUsd, payments: paymentsNanoUsd }),
  }));
}

function withoutZeros(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '0'));
}
