import type { PolicyTrace } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { createBudgetPolicy, UNLIMITED } from '@tollwright/policies';
import { describe, expect, it } from 'vitest';
import { askAll } from '../guard/asked.ts';
import { runHead } from '../guard/guard.ts';
import { config, guardFor, NOW_MS } from '../guard/guard-harness.ts';
import { policyTraces } from './policy-traces.ts';

const nothing = { asked: null, asks: [], granted: null, isBounded: false, budgets: [] };
const limits = (traces: readonly PolicyTrace[]) =>
  traces.map(({ policy, counter, limit, before, after, unit }) => [counter ?? policy, limit, before, after, unit]);

describe('the decisions of a call', () => {
  it('name who refused, who came before, and who was not reached', () => {
    const guard = guardFor([
      config('rate-limit', { limit: 5 }),
      config('scopes', { scopes: ['b'] }),
      config('ip-filter', { deny: ['192.0.2.0/24'] }, true),
      config('monetization', { requires: ['vision'] }),
    ]);
    const problem = runHead(guard);
    const made = policyTraces({ ...nothing, isKnown: true, guard, problem });
    expect(made.map(({ policy, decision, problem: said }) => [policy, decision, said])).toEqual([
      ['api-key', 'allowed', null],
      ['ip-filter', 'would-refuse', 'forbidden'],
      ['scopes', 'refused', 'missing-scope'],
      ['monetization', 'not-reached', null],
      ['rate-limit:default', 'not-reached', null],
    ]);
  });

  it('show limits before and after, of the account and of each counter of a policy', () => {
    const counters = [{ name: 'dollars', counts: 'usd', limit: '0.5', period: 'hour' }];
    const guard = guardFor([
      config('rate-limit', { limit: 5 }),
      config('concurrency', { limit: 9 }),
      config('complex-rate-limit', { counters, maxInFlight: 20 }),
    ]);
    const asked = askAll(guard, { quantities: [] } as never);
    const month = { period: 'month' as const, periodId: 'p', endsAtMs: null };
    const hour = { period: 'hour' as const, periodId: 'p', endsAtMs: null };
    const granted = {
      windows: [{ window: 'rate:api_1:default:cus_1', limit: 5, remaining: 3, resetAtMs: NOW_MS }],
      nodes: [
        { ...month, node: 'budget:b', limit: UNLIMITED, spent: 10n, held: 30n },
        { ...month, node: 'quota:cus_1:tokens', limit: 50n, spent: 5n, held: 2n },
        { ...hour, node: 'running:api_1:default:key_1', limit: 9n, spent: 0n, held: 4n },
        { ...hour, node: 'in-flight:api_1:default:cus_1', limit: 20n, spent: 0n, held: 2n },
        { ...hour, node: 'count:api_1:default:dollars:cus_1', limit: 500_000_000n, spent: 7_000_000n, held: 1n },
      ],
    };
    const budgets = [{ node: 'budget:b', limitNanoUsd: 100n, period: 'month' as const, soft: true }];
    const asks = [
      { node: 'budget:b', kind: 'budget' as const, period: 'month' as const, limit: 100n, amount: 20n },
      { node: 'quota:cus_1:tokens', kind: 'quota' as const, period: 'month' as const, limit: 50n, amount: 2n },
      ...asked.holds.map(({ ask }) => ask),
    ];
    expect(
      limits(policyTraces({ isKnown: true, isBounded: true, budgets, guard, asked, asks, granted, problem: null })),
    ).toEqual([
      ['api-key', null, null, null, null],
      ['budget:b', '100', '20', '40', 'nano-usd'],
      ['quota:tokens', '50', '5', '7', 'units'],
      ['concurrency:default', '9', '3', '4', 'calls'],
      ['in-flight', '20', '1', '2', 'calls'],
      ['dollars', '500000000', '7000000', '7000001', 'nano-usd'],
      ['rate-limit:default', '5', '1', '2', 'calls'],
    ]);
  });

  it('name the budget that refused, with what is left of it', () => {
    const node = { node: 'budget:b', period: 'month' as const, periodId: 'p', endsAtMs: null };
    const state = { ...node, limit: nanoUsd(100n), spent: 90n, held: 4n };
    const problem = createBudgetPolicy().refused({ kind: 'exhausted', node: state }, NOW_MS);
    const [, refused] = policyTraces({ ...nothing, isKnown: true, guard: null, problem });
    expect(refused).toMatchObject({ type: 'budget', decision: 'refused', problem: 'budget-exhausted' });
    expect(limits(refused ? [refused] : [])).toEqual([['budget:b', '100', '94', '94', 'nano-usd']]);
  });

  it('tell policies of the body from those before it where the body itself was refused', () => {
    const guard = guardFor([config('scopes', { scopes: ['a'] }), config('model-guard', { models: ['small'] })]);
    const problem = { slug: 'unsupported-media-type', detail: '' } as const;
    expect(runHead(guard)).toBeNull();
    const made = policyTraces({ ...nothing, isKnown: true, guard, problem });
    expect(made.map(({ policy, decision }) => [policy, decision])).toEqual([
      ['api-key', 'allowed'],
      ['scopes', 'allowed'],
      ['model-guard', 'not-reached'],
      ['unsupported-media-type', 'refused'],
    ]);
  });

  it.each([
    ['a key that is not valid', 'invalid-key', [['api-key', 'refused']]],
    [
      'a call that must be paid for',
      'payment-required',
      [
        ['api-key', 'not-reached'],
        ['payment', 'refused'],
      ],
    ],
    [
      'a store that is away',
      'state-unavailable',
      [
        ['api-key', 'not-reached'],
        ['state-unavailable', 'refused'],
      ],
    ],
  ] as const)('of %s', (_what, slug, expected) => {
    const made = policyTraces({ ...nothing, isKnown: false, guard: null, problem: { slug, detail: '' } });
    expect(made.map(({ policy, decision }) => [policy, decision])).toEqual(expected);
  });
});
