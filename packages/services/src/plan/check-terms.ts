import { type PlanTermsText, planTermsText } from '@tollwright/contracts';
import type { Tx } from '@tollwright/db';
import { missingMeters } from '../meter/missing-meters.ts';
import { checkedPolicies } from '../policy/check.ts';
import { invalid } from '../refusals.ts';
import type { TermsInput } from './plan.ts';

/**
 * Completes terms from what stands in the catalogue. Throws `invalid-input` for a feature or meter that is not there, and
 * for policies that cannot be a plan's.
 */
export async function checkTerms(tx: Tx, providerId: string, terms: TermsInput): Promise<PlanTermsText> {
  assertUnique(
    'quotas',
    terms.quotas.map((quota) => `${quota.featureKey} per ${quota.period}`),
  );
  assertUnique(
    'rateCards',
    terms.rateCards.map((card) => card.key),
  );
  for (const { key, priceNanoUsd, creditNanoUsd } of terms.prepaid?.packs ?? []) {
    if (BigInt(priceNanoUsd) <= 0n || BigInt(creditNanoUsd) < BigInt(priceNanoUsd))
      throw invalid('terms.prepaid', `the pack ${key} has to cost something, and to give at least what it costs`);
  }
  assertUnique('prepaid', terms.prepaid?.packs.map((pack) => pack.key) ?? []);
  const features = await tx.feature.findMany({ where: { providerId, archivedAt: null } });
  const metersByKey = new Map(features.map((feature) => [feature.key, feature.meterSlugs]));
  const quotas = terms.quotas.map(({ featureKey, limit, period }) => {
    const meters = metersByKey.get(featureKey);
    if (!meters) throw invalid('terms.quotas', `there is no feature ${featureKey}`);
    return { featureKey, meters, limit, period, onExhausted: 'reject' as const };
  });
  const named = terms.rateCards.flatMap(({ price }) => (price.kind === 'flat' ? [] : [price.meter]));
  const missing = await missingMeters(tx, providerId, [...named, ...quotas.flatMap((quota) => quota.meters)]);
  if (missing.length > 0) throw invalid('terms.rateCards', `there is no COUNT or SUM meter ${missing.join(', ')}`);
  const policies = await checkedPolicies(tx, providerId, 'plan', terms.policies, 'terms.policies');
  return planTermsText.parse({ ...terms, currency: 'usd', billingPeriod: 'month', quotas, policies });
}

function assertUnique(path: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`terms.${path}`, `${twice} is there twice`);
}
