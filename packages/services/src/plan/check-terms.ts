import { type PlanTermsText, planTermsText } from '@tollwright/contracts';
import { compare, parseDecimal } from '@tollwright/core';
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
  if (terms.minimumNanoUsd === '0')
    throw invalid('terms.minimumNanoUsd', 'a minimum is above zero; leave it out for none');
  for (const card of terms.rateCards) {
    const { key } = card;
    const wrong = wrongPrice(card) ?? wrongAtClose(card, terms.prepaid !== null);
    if (wrong !== null) throw invalid('terms.rateCards', `${key}: ${wrong}`);
  }
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

type Card = TermsInput['rateCards'][number];

/** What keeps a price from being one, beyond its shape; null for nothing. */
function wrongPrice({ price, includedUnits }: Card): string | null {
  const byUnits = price.kind !== 'flat' && price.kind !== 'per-model-token';
  if (includedUnits !== undefined && !byUnits)
    return 'units are included in a price by units; for tokens of several models, a quota and its overage do that';
  if (price.kind === 'package' && price.units === '0') return 'a package has at least one unit';
  if (price.kind !== 'graduated' && price.kind !== 'volume') return null;
  const ends = price.tiers.map(({ upTo }) => upTo);
  const rising = ends.every((end, index) => {
    if (index === ends.length - 1) return end === null;
    return end !== null && BigInt(end) > BigInt(ends[index - 1] ?? 0);
  });
  return rising ? null : 'each tier has to end after the one before, and the last has no end';
}

/** What keeps a price from being settled when a cycle is closed; null for nothing. */
function wrongAtClose({ price, amountOffNanoUsd }: Card, isPrepaid: boolean): string | null {
  if (price.kind === 'flat' && amountOffNanoUsd !== undefined) return 'an amount comes off usage, not off a fee';
  if (amountOffNanoUsd === '0') return 'an amount that comes off is above zero; leave it out for none';
  if (isPrepaid && (price.kind === 'volume' || amountOffNanoUsd !== undefined))
    return 'what is given back when a cycle is closed is given back on an invoice, and a prepaid plan has none to pay';
  if (price.kind !== 'volume') return null;
  const units = price.tiers.map(({ usdPerUnit }) => parseDecimal(usdPerUnit));
  const cheaper = units.every((unit, index) => index === 0 || compare(unit, units[index - 1] ?? unit) <= 0);
  return cheaper
    ? null
    : 'no tier of a volume price is dearer than the one before: budgets let calls pass at its price';
}

function assertUnique(path: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`terms.${path}`, `${twice} is there twice`);
}
