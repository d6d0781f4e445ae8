import type { PolicyConfig, SnapshotRoute } from '@tollwright/contracts';
import { describe, expect, it } from 'vitest';
import { checkPolicies, describePolicyTypes } from './check-policies.ts';
import { createPolicies, type PolicyLayers } from './create-policies.ts';
import { POLICY_TYPES } from './registry.ts';

const route: SnapshotRoute = {
  ...{ id: 'rte_1', operationId: 'chat', method: 'POST', pathTemplate: '/chat', extractorId: null },
  ...{ bodyBytesMax: 1_000, strangerPriceNanoUsd: null, policies: [] },
};
const at = { apiId: 'api_1', route, plan: null };
const config = (type: string, options: PolicyConfig['options'], shadow = false): PolicyConfig => ({
  type,
  options,
  shadow,
});
const namesOf = (layers: Partial<PolicyLayers>) => {
  const set = createPolicies({ api: [], route: [], plan: [], ...layers }, at);
  return set && { head: set.head.map(({ name }) => name), body: set.body.map(({ name }) => name) };
};

describe('the registry', () => {
  it('describes each type as a form needs it', () => {
    const described = describePolicyTypes();
    expect(described.map(({ type }) => type)).toEqual(POLICY_TYPES.map(({ type }) => type));
    for (const { type, optionsSchema, summary, levels } of described) {
      expect([type, summary.endsWith('.'), levels.length > 0]).toEqual([type, true, true]);
      const { properties } = optionsSchema as { properties: Record<string, { description?: string }> };
      for (const [name, property] of Object.entries(properties)) {
        expect(property.description?.length ?? 0, `${type}.${name}`).toBeGreaterThan(10);
      }
    }
  });

  it('lets no authentication, budget, quota or payment be shadowed', () => {
    const always = POLICY_TYPES.filter(({ mayShadow }) => !mayShadow).map(({ type }) => type);
    expect(always).toEqual(['api-key', 'monetization', 'headers', 'quota', 'budget']);
    expect(checkPolicies('plan', [config('quota', { meters: ['m'], limit: '1' }, true)])).toEqual({
      kind: 'invalid',
      errors: [{ path: '0.shadow', message: 'this policy always holds' }],
    });
  });
});

describe('checkPolicies', () => {
  it('fills defaults in', () => {
    expect(checkPolicies('api', [config('scopes', { scopes: ['a:b'] })])).toEqual({
      kind: 'valid',
      policies: [{ type: 'scopes', options: { scopes: ['a:b'], match: 'all' }, shadow: false }],
    });
  });

  it.each([
    ['an unknown type', 'api', [config('magic', {})], '0.type'],
    ['a level that the type has not', 'plan', [config('scopes', { scopes: ['a'] })], '0.type'],
    ['an option out of range', 'route', [config('rate-limit', { limit: 0 })], '0.options.limit'],
    [
      'the same policy twice',
      'api',
      [config('request-size', { bytesMax: 1 }), config('request-size', { bytesMax: 2 })],
      '1.type',
    ],
    ['a shadowed clamp', 'api', [config('model-guard', { outputTokensMax: 5 }, true)], '0.options'],
    ['a plan that requires a feature', 'plan', [config('monetization', { requires: ['a'] })], '0.options'],
  ] as const)('refuses %s', (_what, level, policies, path) => {
    const checked = checkPolicies(level, policies);
    expect(checked.kind === 'invalid' && checked.errors.map((error) => error.path)).toEqual([path]);
  });
});

it('checkPolicies says why a name of a record, or an option that may be empty, is wrong', () => {
  const checked = checkPolicies('api', [
    config('headers', { setRequest: { 'X-Upper': 'a' } }),
    config('monetization', { otherModels: 'No words' }),
  ]);
  expect(checked.kind === 'invalid' && checked.errors).toEqual([
    { path: '0.options.setRequest.X-Upper', message: 'must be a header name in lower case' },
    { path: '1.options.otherModels', message: expect.stringContaining('must be lower-case words') },
  ]);
});

describe('createPolicies', () => {
  it('is null where nothing has a say', () => {
    expect(namesOf({})).toBeNull();
    expect(namesOf({ api: [config('api-key', {}), config('budget', {}), config('ip-filter', {})] })).toBeNull();
  });

  it('runs in the order of the registry, whatever the order of the lists', () => {
    const api = [
      config('concurrency', { limit: 1 }),
      config('rate-limit', { limit: 1 }),
      config('scopes', { scopes: ['a'] }),
    ];
    expect(namesOf({ api })).toEqual({ head: ['scopes', 'concurrency:default'], body: ['rate-limit:default'] });
  });

  it('a narrower level replaces the same policy of a wider one, and other names stay', () => {
    const layers = {
      api: [config('rate-limit', { limit: 1 }), config('rate-limit', { name: 'burst', limit: 2 })],
      plan: [config('rate-limit', { limit: 3 }, true)],
    };
    const set = createPolicies({ route: [], ...layers }, at);
    expect(set?.body.map(({ name, level, shadow }) => [name, level, shadow])).toEqual([
      ['rate-limit:default', 'plan', true],
      ['rate-limit:burst', 'api', false],
    ]);
  });

  it('filters of all levels hold together', () => {
    const filter = config('ip-filter', { deny: ['203.0.113.0/24'] });
    expect(namesOf({ api: [filter], route: [filter], plan: [filter] })?.head).toHaveLength(3);
  });

  it('throws for what the check refuses', () => {
    expect(() => namesOf({ api: [config('magic', {})] })).toThrow('api policies 0.type: is no policy type');
  });
});
