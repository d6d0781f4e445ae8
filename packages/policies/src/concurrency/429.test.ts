import { describe, expect, it } from 'vitest';
import { asksOf, caller, callOf, NOW_MS, readyPolicy } from '../policy-harness.ts';

describe('concurrency 429', () => {
  it.each([
    ['customer', 'running:api_1:default:cus_1'],
    ['agent', 'running:api_1:default:agt_1'],
    ['key', 'running:api_1:default:key_1'],
  ])('by %s: one place is held while the call runs, and nothing is charged', (by, node) => {
    const [effect] = asksOf(readyPolicy('concurrency', { limit: 4, by }), callOf());
    expect(effect).toMatchObject({ kind: 'hold', ask: { node, period: 'hour', limit: 4n, amount: 1n } });
    expect(effect?.kind === 'hold' && effect.charge?.(null)).toBe(0n);
  });

  it('on a route, places are the route’s', () => {
    const [effect] = asksOf(readyPolicy('concurrency', { name: 'slow', limit: 4 }, { level: 'route' }), callOf());
    expect(effect).toMatchObject({ ask: { node: 'running:rte_1:slow:key_1' } });
  });

  it.each([
    ['of a route, of everyone together', { limit: 4, by: 'route' }, caller(), 'rte_1:default'],
    ['of strangers, who have no account', { limit: 4, by: 'key' }, null, 'api_1:default'],
  ])('places %s are kept by the process', (_what, options, principal, key) => {
    expect(asksOf(readyPolicy('concurrency', options), callOf({ principal }))).toEqual([
      { kind: 'take-slot', take: { key, limit: 4 } },
    ]);
  });

  it('says how many may run, and to come back in a second', () => {
    const policy = readyPolicy('concurrency', { limit: 4 });
    expect(policy.limited?.({ kind: 'slot', limit: 4 }, callOf(), NOW_MS)).toMatchObject({
      kind: 'refused',
      problem: { slug: 'too-many-running', members: { limit: '4', exhausted: 'default' }, retryAfterSeconds: 1 },
    });
  });
});
