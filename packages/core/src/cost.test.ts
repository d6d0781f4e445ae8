import { describe, expect, it } from 'vitest';
import { type CallTokens, type CostTable, callCostsOf, callTokensOf, costOfCall, type ModelCost } from './cost.ts';

const model = (override: Partial<ModelCost> = {}): ModelCost => ({
  model: 'toll-small',
  inputUsdPerMillion: '2',
  cachedInputUsdPerMillion: '0.5',
  cacheWriteUsdPerMillion: '2.5',
  outputUsdPerMillion: '8',
  reasoningUsdPerMillion: '10',
  ...override,
});
const none: CallTokens = { model: null, input: 0n, cachedInput: 0n, cacheWrite: 0n, output: 0n, reasoning: 0n };
const used = (override: Partial<CallTokens> = {}): CallTokens => ({
  ...{ ...none, model: 'toll-small', input: 1_000n, output: 100n },
  ...override,
});
const cost = (tables: readonly Partial<CostTable>[], tokens: CallTokens) =>
  costOfCall(
    tables.map((table) => callCostsOf({ callUsd: null, models: [], ...table })),
    tokens,
  );

describe('costOfCall', () => {
  it('adds the price of the call to those of its tokens', () => {
    expect(cost([{ callUsd: '0.001', models: [model()] }], used())).toBe(1_000_000n + 2_000_000n + 800_000n);
  });

  it('prices parts by their own prices and the rest by that of the whole', () => {
    const tokens = used({ cachedInput: 400n, cacheWrite: 100n, reasoning: 60n });
    expect(cost([{ models: [model()] }], tokens)).toBe(
      500n * 2_000n + 400n * 500n + 100n * 2_500n + 40n * 8_000n + 60n * 10_000n,
    );
  });

  it('prices a part without a price of its own as the whole', () => {
    const plain = model({
      cachedInputUsdPerMillion: null,
      cacheWriteUsdPerMillion: null,
      reasoningUsdPerMillion: null,
    });
    const tokens = used({ cachedInput: 400n, cacheWrite: 100n, reasoning: 60n });
    expect(cost([{ models: [plain] }], tokens)).toBe(cost([{ models: [plain] }], used()));
  });

  it('rounds up once, not for each part', () => {
    const tiny = model({ inputUsdPerMillion: '0.0004', outputUsdPerMillion: '0.0004' });
    expect(cost([{ models: [tiny] }], used({ input: 1n, output: 1n }))).toBe(1n);
  });

  it('takes what the nearest table says, and the rest from those behind it', () => {
    const route = { callUsd: '0.01' };
    const api = { callUsd: '5', models: [model({ outputUsdPerMillion: '0' })] };
    const all = { models: [model(), model({ model: 'other' })] };
    expect(cost([route, api, all], used())).toBe(10_000_000n + 2_000_000n);
    expect(cost([route, api, all], used({ model: 'other' }))).toBe(10_000_000n + 2_800_000n);
  });

  it('takes the longest beginning that fits, and a full name before any', () => {
    const models = [
      model({ model: '*', inputUsdPerMillion: '1' }),
      model({ model: 'toll-*', inputUsdPerMillion: '3' }),
      model({ inputUsdPerMillion: '5' }),
    ];
    const input = (name: string | null) => cost([{ models }], used({ model: name, output: 0n }));
    expect(input('toll-small')).toBe(5_000_000n);
    expect(input('toll-large')).toBe(3_000_000n);
    expect(input('else')).toBe(1_000_000n);
    expect(input(null)).toBe(1_000_000n);
  });

  it.each<[string, readonly Partial<CostTable>[], CallTokens]>([
    ['no table', [], used()],
    ['a table that says nothing', [{}], used()],
    ['tokens of a model that no table lists', [{ callUsd: '1', models: [model()] }], used({ model: 'other' })],
    ['tokens without a model', [{ models: [model()] }], used({ model: null })],
    ['more than a counter may hold', [{ models: [model()] }], used({ input: 9_000_000_000_000_000n })],
  ])('is not known: %s', (_, tables, tokens) => {
    expect(cost(tables, tokens)).toBeNull();
  });

  it('is the price of the call where no table prices tokens', () => {
    expect(cost([{ callUsd: '0.002' }], used({ model: 'other' }))).toBe(2_000_000n);
  });

  it('is nothing for the tokens of a call that used none', () => {
    expect(cost([{ models: [model()] }], none)).toBe(0n);
  });
});

describe('callTokensOf', () => {
  it('reads cached tokens that are part of the input', () => {
    const data = {
      model: 'toll-small',
      ...{ input_tokens: 100, cached_input_tokens: 80, output_tokens: 20, reasoning_tokens: 5 },
    };
    expect(callTokensOf(data)).toEqual({
      ...{ model: 'toll-small', input: 100n, cachedInput: 80n, cacheWrite: 0n, output: 20n, reasoning: 5n },
    });
  });

  it('reads cached tokens that are beside the input', () => {
    const data = {
      ...{ input_tokens: 10, cache_read_input_tokens: 80, cache_creation_input_tokens: 7, output_tokens: 20 },
    };
    expect(callTokensOf(data)).toEqual({
      ...{ model: null, input: 97n, cachedInput: 80n, cacheWrite: 7n, output: 20n, reasoning: 0n },
    });
  });

  it('cuts a part that is larger than its whole', () => {
    const data = { input_tokens: 10, cached_input_tokens: 80, output_tokens: 2, reasoning_tokens: 5 };
    expect(callTokensOf(data)).toMatchObject({ input: 10n, cachedInput: 10n, output: 2n, reasoning: 2n });
  });

  it('counts what is no number as nothing', () => {
    expect(callTokensOf({ input_tokens: 'many', output_tokens: -1 })).toEqual(none);
  });
});
