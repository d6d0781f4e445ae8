import { planTerms, ratedLines } from '@tollwright/contracts';
import {
  add,
  adjustmentsOf,
  type CardUse,
  compare,
  type EventData,
  type Meter,
  type PlanTerms,
  parseDecimal,
  periodFee,
  priceCycle,
  rate,
  rational,
  type VersionUse,
  ZERO,
} from '@tollwright/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTariff } from './tariff.ts';

const PLANS = 10_000;
const meter = (slug: string, valueProperty: string | null): Meter => ({
  ...{ slug, eventType: 'request', aggregation: valueProperty === null ? 'COUNT' : 'SUM', valueProperty },
  groupBy: valueProperty === null ? {} : { model: '$.model' },
});
const METERS = [
  meter('requests', null),
  meter('input_tokens', '$.input_tokens'),
  meter('output_tokens', '$.output_tokens'),
];

const slug = fc.constantFrom('requests', 'input_tokens', 'output_tokens');
const decimal = fc.stringMatching(/^\d{1,2}(\.\d{1,9})?$/);
const tiers = (falling: boolean) =>
  fc
    .record({
      sizes: fc.array(fc.integer({ min: 1, max: 2_000 }), { maxLength: 3 }),
      prices: fc.array(decimal, { minLength: 4, maxLength: 4 }),
      fees: fc.array(fc.oneof(fc.constant('0'), decimal), { minLength: 4, maxLength: 4 }),
    })
    .map(({ sizes, prices, fees }) => {
      const sorted = falling ? prices.toSorted((a, b) => compare(parseDecimal(b), parseDecimal(a))) : prices;
      let end = 0;
      const ends = sizes.map((size) => {
        end += size;
        return `${end}`;
      });
      return [...ends, null].map((upTo, index) => {
        return { upTo, usdPerUnit: sorted[index] ?? '0', flatUsd: fees[index] ?? '0' };
      });
    });
const byUnits = fc.oneof(
  fc.record({ kind: fc.constant('per-unit'), meter: slug, usdPerUnit: decimal }),
  fc.record({ kind: fc.constant('graduated'), meter: slug, tiers: tiers(false) }),
  fc.record({ kind: fc.constant('volume'), meter: slug, tiers: tiers(true) }),
  fc.record({
    ...{ kind: fc.constant('package'), meter: slug, usdPerPackage: decimal },
    units: fc.integer({ min: 1, max: 500 }).map(String),
  }),
);
const byModel = fc.record({
  ...{ kind: fc.constant('per-model-token'), meter: fc.constantFrom('input_tokens', 'output_tokens') },
  ...{ usdPerMillionByModel: fc.record({ small: decimal, large: decimal }), defaultUsdPerMillion: decimal },
});
const fee = fc.record({
  ...{ kind: fc.constant('flat'), amountNanoUsd: fc.bigInt({ min: 0n, max: 10n ** 12n }).map(String) },
  paymentTerm: fc.constantFrom('in-advance', 'in-arrears'),
});
const amount = fc.bigInt({ min: 1n, max: 10n ** 12n }).map(String);
const off = {
  percentOff: fc.integer({ min: 1, max: 99 }),
  amountOffNanoUsd: amount,
};
const card = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      { price: byUnits, includedUnits: amount.map((text) => text.slice(0, 3)), ...off },
      { requiredKeys: ['price'] },
    ),
  },
  { weight: 2, arbitrary: fc.record({ price: byModel, ...off }, { requiredKeys: ['price'] }) },
  { weight: 1, arbitrary: fc.record({ price: fee }) },
);

/** Terms as they are published: read from the wire form. */
const plans = fc
  .record({ cards: fc.array(card, { maxLength: 4 }), minimumNanoUsd: fc.option(amount), isPrepaid: fc.boolean() })
  .map(({ cards, minimumNanoUsd, isPrepaid }): PlanTerms => {
    const mayGiveBack = cards.some((one) => 'amountOffNanoUsd' in one || one.price.kind === 'volume');
    return planTerms.parse({
      ...{ currency: 'usd', billingPeriod: 'month', rateLimit: null, quotas: [], policies: [], outputTokensMax: 1_000 },
      defaultKeyBudget: { limitNanoUsd: '1', period: 'month' },
      rateCards: cards.map((one, index) => ({ key: `card_${index}`, name: 'Card', ...one })),
      ...(minimumNanoUsd === null ? {} : { minimumNanoUsd }),
      prepaid: isPrepaid && !mayGiveBack ? { packs: [] } : null,
    });
  });
const call = fc.record({
  model: fc.constantFrom('small', 'large', 'unlisted'),
  input_tokens: fc.integer({ min: 0, max: 3_000 }),
  output_tokens: fc.integer({ min: 0, max: 1_000 }),
});

/** A cycle as it comes to be: calls that the gateway holds and charges, events with their parts, the close. */
function lived(terms: PlanTerms, data: EventData, calls: number) {
  const tariff = createTariff({ planVersionId: 'plv_1', terms }, METERS, 'request');
  const held = tariff.priceWorst(data).rated;
  const position = new Map<string, bigint>();
  const uses = new Map<string, CardUse>();
  let exactNanoUsd = ZERO;
  let chargedNanoUsd = 0n;
  for (let index = 0; index < calls; index++) {
    const { quantities, rated } = tariff.price(data, position);
    expect(rated.amountNanoUsd <= held.amountNanoUsd).toBe(true);
    for (const { rateCardKey, quantity, amountNanoUsd } of ratedLines(rated)) {
      const use = uses.get(rateCardKey) ?? { rateCardKey, units: 0n, calls: 0n, amountNanoUsd: 0n };
      const sum = {
        units: use.units + quantity,
        calls: use.calls + 1n,
        amountNanoUsd: use.amountNanoUsd + amountNanoUsd,
      };
      uses.set(rateCardKey, { rateCardKey, ...sum });
    }
    // As the state store counts: what a node of the customer is asked for by each call that it granted.
    for (const counter of tariff.tierCounters) {
      position.set(counter.meter, (position.get(counter.meter) ?? 0n) + counter.units(quantities));
    }
    exactNanoUsd = add(exactNanoUsd, rated.exactNanoUsd);
    chargedNanoUsd += rated.amountNanoUsd;
  }
  const version: VersionUse = {
    ...{ planVersionId: 'plv_1', terms, share: rational(1n), cards: [...uses.values()], chargedNanoUsd },
  };
  const lines = [...uses.values(), ...adjustmentsOf([version])];
  const fees = periodFee(terms.rateCards, 'in-advance') + periodFee(terms.rateCards, 'in-arrears');
  const invoiceNanoUsd = lines.reduce((sum, line) => sum + line.amountNanoUsd, fees);
  return { tariff, exactNanoUsd, chargedNanoUsd, invoiceNanoUsd, lines };
}

describe('a price', () => {
  it(`is one in the preview and the forecast, the gateway's hold and charge, and the invoice, for ${PLANS} plans`, () => {
    fc.assert(
      fc.property(plans, call, fc.integer({ min: 0, max: 8 }), (terms, data, calls) => {
        const { tariff, exactNanoUsd, chargedNanoUsd, invoiceNanoUsd, lines } = lived(terms, data, calls);
        const { quantities } = tariff.price(data);
        const ahead = priceCycle(terms, quantities, BigInt(calls));
        const used = quantities.map((one) => ({ ...one, quantity: one.quantity * BigInt(calls) }));
        const atOnce = rate(
          terms.rateCards,
          used.filter(({ quantity }) => quantity > 0n),
        );
        expect(compare(exactNanoUsd, atOnce.exactNanoUsd)).toBe(0);
        // Each call is rounded up by itself; a price that steps is worked out ahead as a whole, and rounded up once.
        const rounding = ahead.tiered ? BigInt(calls) : 0n;
        expect(chargedNanoUsd >= ahead.usageNanoUsd && chargedNanoUsd - ahead.usageNanoUsd <= rounding).toBe(true);
        const apart = invoiceNanoUsd - ahead.totalNanoUsd;
        const cards = BigInt(terms.rateCards.length);
        expect(apart <= rounding * (cards + 1n) && -apart <= rounding * (cards + 1n)).toBe(true);
        const usage = lines.reduce((sum, line) => sum + ('kind' in line ? 0n : line.amountNanoUsd), 0n);
        expect(usage).toBe(chargedNanoUsd);
        expect(invoiceNanoUsd >= (terms.minimumNanoUsd ?? 0n)).toBe(true);
      }),
      { numRuns: PLANS },
    );
  }, 60_000);
});
