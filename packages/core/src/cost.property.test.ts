import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callCostsOf, callTokensOf, costOfCall } from './cost.ts';

const decimal = fc.stringMatching(/^\d{1,3}(\.\d{1,12})?$/);
const part = fc.option(decimal);
const models = fc.array(
  fc.record({
    model: fc.constantFrom('small', 'sm*', 'large', '*'),
    inputUsdPerMillion: decimal,
    cachedInputUsdPerMillion: part,
    cacheWriteUsdPerMillion: part,
    outputUsdPerMillion: decimal,
    reasoningUsdPerMillion: part,
  }),
  { maxLength: 4 },
);
const table = fc.record({ callUsd: part, models });
const tokens = fc.integer({ min: 0, max: 10_000_000 });
const data = fc.record({
  model: fc.constantFrom('small', 'smaller', 'large', 'else'),
  input_tokens: tokens,
  cached_input_tokens: tokens,
  cache_read_input_tokens: tokens,
  cache_creation_input_tokens: tokens,
  output_tokens: tokens,
  reasoning_tokens: tokens,
});

const NANO = 10n ** 9n;

/** Units of 10^-18 dollars, of a price for so many units. */
function atto(usd: string, units: 1n | 1_000_000n): bigint {
  const [whole = '', fraction = ''] = usd.split('.');
  return BigInt(whole + fraction.padEnd(units === 1n ? 18 : 12, '0'));
}

describe('costOfCall', () => {
  it('is the exact sum rounded up once: at least the sum, above it by less than a nano-dollar', () => {
    fc.assert(
      fc.property(table, data, ({ callUsd, models }, sent) => {
        const only = models.filter(({ model }) => model === sent.model).at(-1);
        fc.pre(only !== undefined);
        const input = BigInt(sent.input_tokens + sent.cache_read_input_tokens + sent.cache_creation_input_tokens);
        const written = BigInt(sent.cache_creation_input_tokens);
        const cached = [BigInt(sent.cached_input_tokens + sent.cache_read_input_tokens), input - written];
        const read = (cached[0] as bigint) < (cached[1] as bigint) ? (cached[0] as bigint) : (cached[1] as bigint);
        const thought = BigInt(Math.min(sent.reasoning_tokens, sent.output_tokens));
        const price = (usd: string | null, whole: string) => atto(usd ?? whole, 1_000_000n);
        const sum =
          atto(callUsd ?? '0', 1n) +
          (input - read - written) * price(null, only.inputUsdPerMillion) +
          read * price(only.cachedInputUsdPerMillion, only.inputUsdPerMillion) +
          written * price(only.cacheWriteUsdPerMillion, only.inputUsdPerMillion) +
          (BigInt(sent.output_tokens) - thought) * price(null, only.outputUsdPerMillion) +
          thought * price(only.reasoningUsdPerMillion, only.outputUsdPerMillion);
        const cost = costOfCall([callCostsOf({ callUsd, models })], callTokensOf(sent));
        const over = (cost ?? -1n) * NANO - sum;
        expect(over >= 0n && over < NANO).toBe(true);
      }),
    );
  });

  it('is never less for more output', () => {
    fc.assert(
      fc.property(fc.array(table, { maxLength: 3 }), data, tokens, (tables, sent, more) => {
        fc.pre(sent.reasoning_tokens <= sent.output_tokens);
        const costs = tables.map(callCostsOf);
        const cost = costOfCall(costs, callTokensOf(sent));
        const larger = costOfCall(costs, callTokensOf({ ...sent, output_tokens: sent.output_tokens + more }));
        expect(cost === null || larger === null || larger >= cost).toBe(true);
      }),
    );
  });
});
