import { nanoUsd } from '@tollwright/core';
import type { Offer, Payment } from '@tollwright/payments';
import { boundCall, createTariff, forwardedBody } from '@tollwright/policies';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../pipeline/outcome.ts';
import type { CompiledRoute } from '../snapshot/compiled-api.ts';
import { chargeFor } from './charge-for.ts';
import { ratedSale, within } from './sale.ts';

const meters = ['input_tokens', 'output_tokens'].map((slug) => ({
  ...{ slug, eventType: 'request', aggregation: 'SUM' as const, valueProperty: `$.${slug}`, groupBy: {} },
}));
const rule = { kind: 'openai' as const };
const route = { rule, known: { route: 'chat' }, route: {} } as unknown as CompiledRoute;
const ATOMIC_NANO = 1_000n;

function tariffOf(usdIn: number, usdOut: number, outputTokensMax: number) {
  const card = (key: string, micros: number) => {
    const usdPerUnit = (micros / 1e6).toFixed(6);
    return { key, name: key, price: { kind: 'per-unit' as const, meter: key, usdPerUnit } };
  };
  const terms = {
    ...({
      currency: 'usd',
      billingPeriod: 'month',
      rateLimit: null,
      quotas: [],
      policies: [],
      outputTokensMax,
    } as const),
    rateCards: [card('input_tokens', usdIn), card('output_tokens', usdOut)],
    defaultKeyBudget: { limitNanoUsd: nanoUsd(1n), period: 'month' as const },
  };
  return createTariff({ planVersionId: 'plv_1', terms }, meters, 'request');
}

const tokens = fc.integer({ min: 0, max: 1_000_000_000 });

describe('a call under a ceiling', () => {
  it('never takes more than was authorized, whatever an upstream reports, and says what it lost', () => {
    fc.assert(
      fc.property(
        fc.record({
          usdIn: fc.integer({ min: 0, max: 50 }),
          usdOut: fc.integer({ min: 0, max: 50 }),
          outputTokensMax: fc.integer({ min: 1, max: 100_000 }),
          ceilingAtomic: fc.bigInt({ min: 1n, max: 10_000_000n }),
          dust: fc.bigInt({ min: 0n, max: ATOMIC_NANO - 1n }),
          cap: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }),
          used: fc.record({ input_tokens: tokens, output_tokens: tokens }),
        }),
        ({ usdIn, usdOut, outputTokensMax, ceilingAtomic, dust, cap, used }) => {
          const ceilingNanoUsd = nanoUsd(ceilingAtomic * ATOMIC_NANO - dust);
          const tariff = tariffOf(usdIn, usdOut, outputTokensMax);
          const body = Buffer.from(JSON.stringify({ model: 'm', messages: [], max_tokens: cap }));
          const shape = { rule, body, known: route.known, bodyBytesMax: 1_000, durationMsMax: 1_000 };
          const bound = boundCall(tariff, shape);
          if (bound.kind === 'refused') throw new Error(bound.problem.detail);
          const worst = within(tariff, bound.worst, ceilingNanoUsd, 1);
          if (worst === null) {
            expect(bound.worst.priced.rated.amountNanoUsd).toBeGreaterThan(ceilingNanoUsd);
            return;
          }
          expect(worst.priced.rated.amountNanoUsd).toBeLessThanOrEqual(ceilingNanoUsd);
          const sent = JSON.parse((forwardedBody(worst) ?? body).toString()) as { max_tokens: number };
          expect(sent.max_tokens).toBe(worst.cap?.tokensPerChoice);
          const tail = outcomeOf(ratedSale(route, { tariff, worst }), {
            reading: { fields: { ...used }, estimated: false },
            ...{ status: 200, upstreamStatus: 200, bytesIn: body.length, bytesOut: 1, durationMs: 1, firstByteMs: 1 },
            billable: true,
          });
          const offer = {
            ...{ scheme: 'upto', amountAtomic: ceilingAtomic, priceNanoUsd: ceilingNanoUsd },
            ...{ roundingNanoUsd: nanoUsd(dust), isCeiling: true },
          } as Offer;
          const charge = chargeFor({ scheme: 'upto', offer } as Payment, tail.chargedNanoUsd);
          expect(tail.chargedNanoUsd).toBeLessThanOrEqual(ceilingNanoUsd);
          expect(tail.chargedNanoUsd + tail.shortfallNanoUsd).toBe(tail.ratedNanoUsd);
          expect(charge.amountAtomic).toBeLessThanOrEqual(ceilingAtomic);
          expect(charge.priceNanoUsd).toBe(tail.chargedNanoUsd);
          expect(charge.amountAtomic * ATOMIC_NANO - charge.priceNanoUsd).toBe(charge.roundingNanoUsd);
          expect(charge.roundingNanoUsd).toBeLessThan(ATOMIC_NANO);
        },
      ),
      { numRuns: 500 },
    );
  });
});
