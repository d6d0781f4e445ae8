import { offeredTerms, planTermsText } from '@tollwright/contracts';
import { compare, parseDecimal } from '@tollwright/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Meter, NewTerms, Terms } from '../console/outputs.ts';
import { examplePrice } from '../console/plans/example-price.ts';
import { draftOf, termsOf } from '../console/plans/terms-draft.ts';
import { modelPrices, monthlyFeeNanoUsd, unitPrices } from './price-list.ts';

const PLANS = 2_000;
type RateCard = NewTerms['rateCards'][number];

const meter = (slug: string, valueProperty: string | null): Meter => ({
  ...{ id: slug, slug, name: slug, eventType: 'request', valueProperty, createdAt: '', updatedAt: '' },
  aggregation: valueProperty === null ? 'COUNT' : 'SUM',
  groupBy: valueProperty === null ? {} : { model: '$.model' },
});
const METERS = [meter('requests', null), meter('input_tokens', '$.input_tokens')];

const decimal = fc.stringMatching(/^[1-9]\d?(\.\d{0,8}[1-9])?$/);
const tiers = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 2_000 }), { maxLength: 3 }),
    prices: fc.array(decimal, { minLength: 4, maxLength: 4 }),
    fees: fc.array(fc.oneof(fc.constant('0'), decimal), { minLength: 4, maxLength: 4 }),
  })
  .map(({ sizes, prices, fees }) => {
    const falling = prices.toSorted((a, b) => compare(parseDecimal(b), parseDecimal(a)));
    let end = 0;
    const ends = sizes.map((size) => {
      end += size;
      return `${end}`;
    });
    return [...ends, null].map((upTo, index) => {
      return { upTo, usdPerUnit: falling[index] ?? '0', flatUsd: fees[index] ?? '0' };
    });
  });
const requests = { meter: fc.constant('requests' as const) };
const price = fc.oneof(
  fc.record({ kind: fc.constant('per-unit' as const), ...requests, usdPerUnit: decimal }),
  fc.record({ kind: fc.constantFrom('graduated' as const, 'volume' as const), ...requests, tiers }),
  fc.record({
    ...{ kind: fc.constant('package' as const), ...requests, usdPerPackage: decimal },
    units: fc.integer({ min: 1, max: 5_000 }).map(String),
  }),
);
/** Whole cents, as the pricing page writes them. */
const amount = fc.integer({ min: 1, max: 100_000 }).map((cents) => `${cents}0000000`);
const off = { percentOff: fc.integer({ min: 1, max: 99 }), amountOffNanoUsd: amount };
const byUnits = fc
  .record({ price, includedUnits: fc.integer({ min: 1, max: 5_000 }).map(String), ...off }, { requiredKeys: ['price'] })
  .map((card) => {
    const { kind } = card.price;
    return { key: kind === 'per-unit' ? 'requests_unit' : `requests_${kind}`, name: 'requests', ...card };
  });
const byModel = fc
  .record({ usd: decimal, others: fc.option(decimal), ...off }, { requiredKeys: ['usd', 'others'] })
  .map(({ usd, others, ...more }) => {
    const prices = { usdPerMillionByModel: { small: usd }, defaultUsdPerMillion: others };
    const tokens = { kind: 'per-model-token' as const, meter: 'input_tokens', ...prices };
    return { key: 'input_tokens', name: 'input_tokens', price: tokens, ...more };
  });
const fee = amount.map((amountNanoUsd) => {
  const flat = { kind: 'flat' as const, amountNanoUsd, paymentTerm: 'in-advance' as const };
  return { key: 'monthly_fee', name: 'Monthly fee', price: flat };
});
const plans = fc
  .record({ fee: fc.option(fee), byModel: fc.option(byModel), byUnits, minimumNanoUsd: fc.option(amount) })
  .map(
    ({ minimumNanoUsd, ...cards }): Terms =>
      planTermsText.parse({
        ...{ currency: 'usd', billingPeriod: 'month', rateLimit: null, quotas: [], policies: [], outputTokensMax: 1 },
        defaultKeyBudget: { limitNanoUsd: '1000000000', period: 'month' },
        rateCards: [cards.fee, cards.byModel, cards.byUnits].filter((one) => one !== null),
        ...(minimumNanoUsd === null ? {} : { minimumNanoUsd }),
      }),
  );
const call = fc.record({
  ...{ model: fc.constantFrom('small', 'unlisted'), outputTokens: fc.constant(0) },
  ...{ inputTokens: fc.integer({ min: 1, max: 5_000 }), callsPerMonth: fc.integer({ min: 0, max: 10_000 }) },
});

const plain = (text: string | undefined) => (text ?? '').replaceAll(',', '');
const nano = (usd: string) => `${BigInt(plain(usd).replace('.', ''))}0000000`;

/** The rate card that a reader of the pricing page would write down. */
function readCard(text: string): RateCard {
  const parts = text.split('; ');
  const included = /the first ([\d,]+) a month are included/.exec(text)?.[1];
  const percent = /(\d+) % off/.exec(text)?.[1];
  const amountOff = /([\d,.]+) USD a month off/.exec(text)?.[1];
  return {
    ...{ key: 'read', name: 'Read', price: readPrice(parts[0] ?? '') },
    ...(included === undefined ? {} : { includedUnits: plain(included) }),
    ...(percent === undefined ? {} : { percentOff: Number(percent) }),
    ...(amountOff === undefined ? {} : { amountOffNanoUsd: nano(amountOff) }),
  };
}

function readPrice(text: string): RateCard['price'] {
  const unit = /^([\d.]+) USD for each of/.exec(text)?.[1];
  if (unit !== undefined) return { kind: 'per-unit', meter: 'requests', usdPerUnit: unit };
  const [, usdPerPackage, units] = /^([\d.]+) USD for every ([\d,]+) requests begun/.exec(text) ?? [];
  if (usdPerPackage !== undefined) return { kind: 'package', meter: 'requests', units: plain(units), usdPerPackage };
  const kind = text.startsWith('all requests of a month at one price') ? 'volume' : 'graduated';
  const found = text.matchAll(
    /(?:up to ([\d,]+)|then|all|for more)(?: requests a month)? ([\d.]+) USD each(?: and ([\d.]+) USD once)?/g,
  );
  const read = [...found].map(([, upTo, usdPerUnit = '', flatUsd = '0']) => {
    return { upTo: upTo === undefined ? null : plain(upTo), usdPerUnit, flatUsd };
  });
  return { kind, meter: 'requests', tiers: read };
}

/** The terms that a reader of the pricing page would write down. */
function readTerms(terms: Terms): Pick<NewTerms, 'rateCards' | 'minimumNanoUsd'> {
  const offered = offeredTerms.parse(terms);
  const { columns, lines } = modelPrices(offered.rateCards);
  const words = unitPrices(offered.rateCards);
  const models = columns.map(({ meter: slug }, index): RateCard => {
    const listed = lines.flatMap(({ model, usdPerMillion }) =>
      model === null ? [] : [[model, usdPerMillion[index] ?? '']],
    );
    const others = lines.find(({ model }) => model === null)?.usdPerMillion[index] ?? null;
    const { price: _, ...more } = readCard(words.find(({ key }) => key === slug)?.text ?? '');
    const prices = { usdPerMillionByModel: Object.fromEntries(listed), defaultUsdPerMillion: others };
    return { ...more, key: slug, price: { kind: 'per-model-token', meter: slug, ...prices } };
  });
  const units = words.filter(({ key }) => columns.every((column) => column.meter !== key));
  const amountNanoUsd = monthlyFeeNanoUsd(offered.rateCards);
  return {
    rateCards: [
      { key: 'fee', name: 'Fee', price: { kind: 'flat', amountNanoUsd, paymentTerm: 'in-advance' } },
      ...models,
      ...units.map(({ text }) => readCard(text)),
    ],
    ...(offered.minimumNanoUsd === undefined ? {} : { minimumNanoUsd: offered.minimumNanoUsd }),
  };
}

describe('a plan', () => {
  it(`costs in the editor what it costs as it is stored, and as the pricing page reads, for ${PLANS} plans`, () => {
    fc.assert(
      fc.property(plans, call, (stored, example) => {
        const typed = termsOf(draftOf(stored), METERS);
        if (typed.kind !== 'terms') throw new Error(`wrong: ${JSON.stringify(typed.errors)}`);
        const expected = examplePrice(stored, METERS, example);
        expect(examplePrice(typed.terms, METERS, example)).toEqual(expected);
        expect(examplePrice(readTerms(stored), METERS, example)).toEqual(expected);
      }),
      { numRuns: PLANS },
    );
  }, 60_000);
});
