import { nanoUsdOf, usdDecimalOf, usdTyped } from '../../plan/usd.ts';
import type { NewTerms, Terms } from '../outputs.ts';
import { slugOf } from '../slug-of.ts';
import { type UnitPriceDraft, unitCardOf, unitPriceDraftOf } from './unit-price-draft.ts';

export type Period = Terms['defaultKeyBudget']['period'];
type RateCard = Terms['rateCards'][number];

/** Terms while they are typed. Prices are by meter slug; an empty text is no price. */
export interface TermsDraft {
  /** Empty: no limit. */
  readonly rateLimit: string;
  readonly rateWindowSeconds: string;
  /** Empty: no fee. */
  readonly feeUsd: string;
  /** Empty: usage has no minimum. */
  readonly minimumUsd: string;
  readonly quotas: readonly { readonly featureKey: string; readonly limit: string; readonly period: Period }[];
  readonly models: readonly { readonly model: string; readonly usdPerMillion: Readonly<Record<string, string>> }[];
  /** Prices of all models that are not listed; where empty, they are refused. */
  readonly others: Readonly<Record<string, string>>;
  /** What comes off prices by model; the editor has no fields for it, and it stays as it is. */
  readonly modelsOff: Readonly<Record<string, Pick<RateCard, 'percentOff' | 'amountOffNanoUsd'>>>;
  readonly unitPrices: readonly UnitPriceDraft[];
  readonly keyBudgetUsd: string;
  readonly keyBudgetPeriod: Period;
  readonly outputTokensMax: string;
  /** Rate cards that the editor has no fields for; they stay as they are. */
  readonly kept: readonly RateCard[];
  readonly policies: Terms['policies'];
  /** Whether calls draw on credit; packs are kept while it is off. */
  readonly prepaid: boolean;
  readonly packs: readonly { readonly name: string; readonly priceUsd: string; readonly creditUsd: string }[];
}

export const NEW_TERMS: TermsDraft = {
  rateLimit: '100',
  rateWindowSeconds: '60',
  feeUsd: '',
  minimumUsd: '',
  quotas: [],
  models: [],
  others: {},
  modelsOff: {},
  unitPrices: [],
  keyBudgetUsd: '5',
  keyBudgetPeriod: 'month',
  outputTokensMax: '4096',
  kept: [],
  policies: [],
  prepaid: false,
  packs: [],
};

/** Stored terms, ready to be typed over. */
export function draftOf(terms: Terms): TermsDraft {
  const fees = terms.rateCards.filter(({ price }) => price.kind === 'flat');
  const fee = fees[0]?.price;
  const perModel = terms.rateCards.flatMap(({ price }) => (price.kind === 'per-model-token' ? [price] : []));
  const names = [...new Set(perModel.flatMap((price) => Object.keys(price.usdPerMillionByModel)))];
  return {
    rateLimit: terms.rateLimit === null ? '' : String(terms.rateLimit.limit),
    rateWindowSeconds: String(terms.rateLimit?.windowSeconds ?? 60),
    feeUsd: fee?.kind === 'flat' ? usdTyped(fee.amountNanoUsd) : '',
    minimumUsd: terms.minimumNanoUsd === undefined ? '' : usdTyped(terms.minimumNanoUsd),
    quotas: terms.quotas.map(({ featureKey, limit, period }) => ({ featureKey, limit, period })),
    models: names.map((model) => ({
      model,
      usdPerMillion: Object.fromEntries(
        perModel.flatMap(({ meter, usdPerMillionByModel: prices }) =>
          Object.hasOwn(prices, model) ? [[meter, prices[model] ?? '']] : [],
        ),
      ),
    })),
    others: Object.fromEntries(
      perModel.flatMap(({ meter, defaultUsdPerMillion: price }) => (price === null ? [] : [[meter, price]])),
    ),
    modelsOff: Object.fromEntries(
      terms.rateCards.flatMap(({ price, percentOff, amountOffNanoUsd }) =>
        price.kind === 'per-model-token' ? [[price.meter, offOf(percentOff, amountOffNanoUsd)]] : [],
      ),
    ),
    unitPrices: terms.rateCards.flatMap((card) => unitPriceDraftOf(card) ?? []),
    keyBudgetUsd: usdTyped(terms.defaultKeyBudget.limitNanoUsd),
    keyBudgetPeriod: terms.defaultKeyBudget.period,
    outputTokensMax: String(terms.outputTokensMax),
    kept: fees.slice(1),
    policies: terms.policies,
    prepaid: (terms.prepaid ?? null) !== null,
    packs: (terms.prepaid?.packs ?? []).map(({ name, priceNanoUsd, creditNanoUsd }) => {
      return { name, priceUsd: usdTyped(priceNanoUsd), creditUsd: usdTyped(creditNanoUsd) };
    }),
  };
}

function offOf(percentOff: number | undefined, amountOffNanoUsd: string | undefined) {
  return {
    ...(percentOff === undefined ? {} : { percentOff }),
    ...(amountOffNanoUsd === undefined ? {} : { amountOffNanoUsd }),
  };
}

/** What is wrong, by field: `feeUsd`, `quotas.0.limit`, `models.1.input_tokens`. */
export type TermsErrors = Readonly<Record<string, string>>;

export type TypedTerms =
  | { readonly kind: 'terms'; readonly terms: NewTerms }
  | { readonly kind: 'wrong'; readonly errors: TermsErrors };

interface NamedMeter {
  readonly slug: string;
  readonly name: string;
}

/** The terms that a draft says, or what keeps it from saying any. */
export function termsOf(draft: TermsDraft, meters: readonly NamedMeter[]): TypedTerms {
  const errors: Record<string, string> = {};
  const whole = (path: string, typed: string) => {
    const text = typed.trim().replaceAll(',', '');
    if (/^[1-9]\d{0,15}$/.test(text)) return text;
    errors[path] = 'Write a whole number from 1 up.';
    return '1';
  };
  const money = (path: string, typed: string) => {
    const nanoUsd = nanoUsdOf(typed);
    if (nanoUsd === null) errors[path] = 'Write dollars, such as 49 or 0.50.';
    return nanoUsd ?? '0';
  };
  const terms: NewTerms = {
    rateLimit:
      draft.rateLimit.trim() === ''
        ? null
        : { limit: Number(whole('rateLimit', draft.rateLimit)), windowSeconds: Number(draft.rateWindowSeconds) },
    quotas: draft.quotas.map(({ featureKey, limit, period }, index) => ({
      featureKey,
      limit: whole(`quotas.${index}.limit`, limit),
      period,
    })),
    rateCards: [
      ...feeCards(draft.feeUsd.trim() === '' ? '0' : money('feeUsd', draft.feeUsd)),
      ...draft.kept,
      ...modelCards(draft, meters, errors),
      ...unitCards(draft, meters, errors),
    ],
    defaultKeyBudget: { limitNanoUsd: money('keyBudgetUsd', draft.keyBudgetUsd), period: draft.keyBudgetPeriod },
    outputTokensMax: Number(whole('outputTokensMax', draft.outputTokensMax)),
    policies: draft.policies,
    ...minimumOf(draft, errors),
    ...(draft.prepaid ? { prepaid: { packs: packsOf(draft, errors) } } : {}),
  };
  return Object.keys(errors).length > 0 ? { kind: 'wrong', errors } : { kind: 'terms', terms };
}

function minimumOf({ minimumUsd }: TermsDraft, errors: Record<string, string>) {
  if (minimumUsd.trim() === '') return {};
  const minimumNanoUsd = nanoUsdOf(minimumUsd) ?? '0';
  if (minimumNanoUsd === '0') errors.minimumUsd = 'Write dollars, such as 100, or leave it empty.';
  return { minimumNanoUsd };
}

/** Packs are named to callers by their names as slugs. */
function packsOf({ packs }: TermsDraft, errors: Record<string, string>) {
  const keys = packs.map(({ name }) => slugOf(name));
  return packs.map(({ name, priceUsd, creditUsd }, index) => {
    const key = keys[index] ?? '';
    if (key === '' || keys.indexOf(key) < index) errors[`packs.${index}`] = 'Give each pack a name of its own.';
    const [priceNanoUsd, creditNanoUsd] = [nanoUsdOf(priceUsd) ?? '0', nanoUsdOf(creditUsd) ?? '0'];
    if (priceNanoUsd === '0') errors[`packs.${index}.price`] = 'Write dollars, such as 5.';
    if (BigInt(creditNanoUsd) < BigInt(priceNanoUsd)) errors[`packs.${index}.credit`] = 'At least the price.';
    return { key, name: name.trim(), priceNanoUsd, creditNanoUsd };
  });
}

function feeCards(amountNanoUsd: string): RateCard[] {
  if (amountNanoUsd === '0') return [];
  return [
    { key: 'monthly_fee', name: 'Monthly fee', price: { kind: 'flat', amountNanoUsd, paymentTerm: 'in-advance' } },
  ];
}

/** One card for each meter with a price: models by name, and what all others cost. */
function modelCards(draft: TermsDraft, meters: readonly NamedMeter[], errors: Record<string, string>): RateCard[] {
  draft.models.forEach(({ model }, index) => {
    if (model.trim() === '') errors[`models.${index}`] = 'Name the model as callers send it.';
    else if (draft.models.findIndex((other) => other.model.trim() === model.trim()) < index)
      errors[`models.${index}`] = 'This model is listed above.';
  });
  return meters.flatMap(({ slug, name }) => {
    const prices = draft.models.flatMap(({ model, usdPerMillion }, index) => {
      const price = decimal(`models.${index}.${slug}`, usdPerMillion[slug], errors);
      return price === null ? [] : [[model.trim(), price] as const];
    });
    const defaultUsdPerMillion = decimal(`others.${slug}`, draft.others[slug], errors);
    if (prices.length === 0 && defaultUsdPerMillion === null) return [];
    const usdPerMillionByModel = Object.fromEntries(prices);
    return [
      {
        ...{ key: slug, name, ...draft.modelsOff[slug] },
        price: { kind: 'per-model-token', meter: slug, usdPerMillionByModel, defaultUsdPerMillion },
      },
    ];
  });
}

function unitCards(draft: TermsDraft, meters: readonly NamedMeter[], errors: Record<string, string>): RateCard[] {
  const note = (path: string, error: string) => {
    errors[path] = error;
  };
  return draft.unitPrices.flatMap((price, index) => {
    const name = meters.find(({ slug }) => slug === price.meter)?.name ?? price.meter;
    return unitCardOf(price, `unitPrices.${index}`, name, note) ?? [];
  });
}

function decimal(path: string, typed: string | undefined, errors: Record<string, string>): string | null {
  if (typed === undefined || typed.trim() === '') return null;
  const price = usdDecimalOf(typed);
  if (price === null) errors[path] = 'Write a price in dollars, such as 2.50.';
  return price;
}
