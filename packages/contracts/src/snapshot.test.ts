import { describe, expect, it } from 'vitest';
import { extractorRule, jsonPath, meterDefinition } from './extractor.ts';
import { readFixture } from './past-documents-harness.ts';
import { planTerms, planTermsText } from './plan-terms.ts';
import { principal } from './principal.ts';
import { type ApiSnapshot, apiSnapshot, BREAKER_DEFAULT, snapshotRoute, x402Wallet } from './snapshot.ts';

const snapshot = JSON.parse(readFixture('snapshot-v1')) as ApiSnapshot;
const [plan] = snapshot.plans;
const [wallet] = snapshot.wallets;
const [, paid] = snapshot.routes;

describe('plan terms', () => {
  it('have bigints in memory and text on the wire, in one shape', () => {
    expect(planTerms.parse(plan?.terms)).toMatchObject({
      quotas: [{ limit: 1_000_000n }],
      defaultKeyBudget: { limitNanoUsd: 5_000_000_000n },
    });
    expect(planTermsText.parse(plan?.terms)).toEqual({ ...plan?.terms, policies: [], prepaid: null });
  });

  it.each([
    ['another currency', { currency: 'eur' }],
    [
      'a price as a number',
      { rateCards: [{ key: 'a', name: 'A', price: { kind: 'per-unit', meter: 'm', usdPerUnit: 1 } }] },
    ],
    [
      'a negative price',
      { rateCards: [{ key: 'a', name: 'A', price: { kind: 'per-unit', meter: 'm', usdPerUnit: '-1' } }] },
    ],
    ['a price of an unknown kind', { rateCards: [{ key: 'a', name: 'A', price: { kind: 'tiered' } }] }],
    ['a window of no time', { rateLimit: { limit: 1, windowSeconds: 0 } }],
    ['a limit of no calls', { rateLimit: { limit: 0, windowSeconds: 60 } }],
    [
      'a quota of no meter',
      { quotas: [{ featureKey: 'a', meters: [], limit: '1', period: 'day', onExhausted: 'reject' }] },
    ],
    ['keys without a cap', { defaultKeyBudget: null }],
    ['calls without an output cap', { outputTokensMax: 0 }],
  ])('refuse %s', (_what, change) => {
    expect(planTerms.safeParse({ ...plan?.terms, ...change }).success).toBe(false);
  });
});

describe('routes and wallets', () => {
  it.each([
    ['a path that is relative', { pathTemplate: 'weather' }],
    ['a method that cannot be priced', { method: 'CONNECT' }],
    ['a body larger than 64 MiB', { bodyBytesMax: 64 * 1024 * 1024 + 1 }],
    ['a price that is a number', { strangerPriceNanoUsd: 1 }],
  ])('a route has no %s', (_what, change) => {
    expect(snapshotRoute.safeParse({ ...paid, ...change }).success).toBe(false);
  });

  it.each([
    ['a network that is no EVM chain', { network: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp' }],
    ['a short address', { payTo: '0x1234' }],
    ['decimals beyond 18', { decimals: 19 }],
  ])('a wallet has no %s', (_what, change) => {
    expect(x402Wallet.safeParse({ ...wallet, ...change }).success).toBe(false);
  });
});

describe('an upstream', () => {
  const parsed = (change: object) =>
    apiSnapshot.safeParse({ ...snapshot, upstream: { ...snapshot.upstream, ...change } });
  const fallback = { baseUrl: 'https://b.example/v1' };

  it('may have other addresses and a breaker, or none', () => {
    const change = { fallbacks: [fallback], breaker: BREAKER_DEFAULT };
    expect(parsed(change).data?.upstream).toMatchObject(change);
    expect(parsed({ breaker: null }).data?.upstream.breaker).toBeNull();
    expect(parsed({}).data?.upstream).not.toHaveProperty('breaker');
  });

  it.each([
    ['five other addresses', { fallbacks: Array.from({ length: 5 }, () => fallback) }],
    ['another address that is none', { fallbacks: [{ baseUrl: 'b.example' }] }],
    ['a breaker that never opens', { breaker: { ...BREAKER_DEFAULT, failuresInARow: 0 } }],
    ['a breaker that never closes', { breaker: { ...BREAKER_DEFAULT, openMs: 3_600_000 } }],
  ])('has no %s', (_what, change) => {
    expect(parsed(change).success).toBe(false);
  });
});

describe('extractors and meters', () => {
  it.each(['$.a', '$.usage.prompt_tokens', '$.choices.0.text'])('%s is a path', (path) => {
    expect(jsonPath.parse(path)).toBe(path);
  });

  it.each(['', '$', 'a', '$.', '$.a..b', '$.a[0]', '$..a', '$.a b'])('%j is no path', (path) => {
    expect(jsonPath.safeParse(path).success).toBe(false);
  });

  it('a SUM names its value, a COUNT names none', () => {
    const meter = { slug: 'tokens', eventType: 'request', groupBy: {} };
    const sum = { ...meter, aggregation: 'SUM' };
    expect(meterDefinition.safeParse({ ...sum, valueProperty: '$.tokens' }).success).toBe(true);
    expect(meterDefinition.safeParse({ ...sum, valueProperty: null }).success).toBe(false);
    const count = { ...meter, aggregation: 'COUNT' };
    expect(meterDefinition.safeParse({ ...count, valueProperty: null }).success).toBe(true);
    expect(meterDefinition.safeParse({ ...count, valueProperty: '$.tokens' }).success).toBe(false);
  });

  it.each(['UNIQUE_COUNT', 'AVG', 'MIN', 'MAX', 'LATEST'])('a %s names its value', (aggregation) => {
    const meter = { slug: 'tokens', eventType: 'request', groupBy: {}, aggregation };
    expect(meterDefinition.safeParse({ ...meter, valueProperty: '$.tokens' }).success).toBe(true);
    expect(meterDefinition.safeParse({ ...meter, valueProperty: null }).success).toBe(false);
  });

  it('there is no other aggregation', () => {
    const meter = { slug: 'tokens', eventType: 'request', groupBy: {}, valueProperty: '$.tokens' };
    expect(meterDefinition.safeParse({ ...meter, aggregation: 'MEDIAN' }).success).toBe(false);
  });

  it('a rule reads named fields or a known shape', () => {
    expect(extractorRule.safeParse({ kind: 'openai' }).success).toBe(true);
    expect(extractorRule.safeParse({ kind: 'json', fields: { pages: '$.pages' } }).success).toBe(true);
    expect(extractorRule.safeParse({ kind: 'json', fields: { 'No Name': '$.pages' } }).success).toBe(false);
    expect(extractorRule.safeParse({ kind: 'anthropic' }).success).toBe(true);
    expect(extractorRule.safeParse({ kind: 'headers', headers: { pages: 'no header' } }).success).toBe(false);
    expect(extractorRule.safeParse({ kind: 'json', fields: {}, atMost: { pages: -1 } }).success).toBe(false);
    expect(extractorRule.parse({ kind: 'headers', headers: { pages: 'X-Pages' } })).toEqual({
      kind: 'headers',
      headers: { pages: 'x-pages' },
    });
    expect(extractorRule.safeParse({ kind: 'script', source: 'x' }).success).toBe(false);
  });
});

describe('a principal', () => {
  it('always has a budget on its way: a key without a cap does not exist', () => {
    const document = JSON.parse(readFixture('principal-v1')) as { key: object };
    const uncapped = { ...document, key: { ...document.key, budgetNodes: [] } };
    expect(principal.safeParse(uncapped).success).toBe(false);
  });
});
