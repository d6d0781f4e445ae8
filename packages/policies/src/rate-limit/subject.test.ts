import { describe, expect, it } from 'vitest';
import { asksOf, callOf, NOW_MS, planOf, readyPolicy } from '../policy-harness.ts';

const asked = (options: Record<string, unknown>, call = callOf(), at = {}) => {
  const [effect] = asksOf(readyPolicy('rate-limit', { limit: 10, ...options }, at), call);
  if (effect?.kind === 'take-window') return effect.take.window;
  return effect?.kind === 'take-share' ? effect.take.key : '';
};

describe('whom a rate limit counts', () => {
  it.each([
    ['customer', 'rate:api_1:default:cus_1'],
    ['agent', 'rate:api_1:default:agt_1'],
    ['key', 'rate:api_1:default:key_1'],
    ['ip', 'rate:api_1:default:ip:192.0.2.1'],
  ])('by %s', (by, window) => {
    expect(asked({ by })).toBe(window);
  });

  it('a limit of a route, of an API and of a plan are three windows', () => {
    const plan = planOf([]);
    expect([asked({}), asked({}, callOf(), { level: 'route' }), asked({}, callOf(), { level: 'plan', plan })]).toEqual([
      ...['rate:api_1:default:cus_1', 'rate:rte_1:default:cus_1', 'rate:plan:default:cus_1'],
    ]);
  });

  it('what callers write is hashed, told apart, and of one length', () => {
    const by = (value?: string) =>
      asked(
        { by: 'header', header: 'x-session' },
        callOf({ headers: value === undefined ? {} : { 'x-session': value } }),
      );
    expect(new Set([by('a'), by('b'), by('a'.repeat(4_000)), by()]).size).toBe(4);
    expect(by('a')).toBe(by('a'));
    expect(by('a'.repeat(4_000)).length).toBe(by('a').length);
  });

  it('by function: the model that is asked for', () => {
    const by = (json: unknown) => asked({ by: 'function', function: 'model' }, callOf({ json }));
    expect(by({ model: 'a' })).not.toBe(by({ model: 'b' }));
    expect(by({ model: 'a', x: 1 })).toBe(by({ model: 'a', x: 2 }));
  });

  it('owner-set metadata is nobody', () => {
    for (const by of ['customer', 'agent', 'key', 'ip']) expect(asked({ by })).not.toContain('metadata');
  });

  it('strangers count by their address', () => {
    expect(asked({ by: 'key' }, callOf({ principal: null }))).toBe('rate:api_1:default:ip:192.0.2.1');
  });
});

describe('which limit holds', () => {
  const limitOf = (plan: ReturnType<typeof planOf> | null) => {
    const [effect] = asksOf(readyPolicy('rate-limit', { limit: 10, limitsByPlan: { pro: 500 } }, { plan }), callOf());
    return effect?.kind === 'take-window' && effect.take.limit;
  };
  it("the plan's own, else the common one", () => {
    expect([limitOf(planOf([])), limitOf({ ...planOf([]), planKey: 'free' }), limitOf(null)]).toEqual([500, 10, 10]);
  });

  it.each(['sliding-window', 'token-bucket'])('%s is kept by the process', (algorithm) => {
    const [effect] = asksOf(readyPolicy('rate-limit', { limit: 10, algorithm }), callOf());
    expect(effect).toMatchObject({ kind: 'take-share', take: { algorithm, limit: 10, windowSeconds: 60, burst: 10 } });
  });

  it('a full window says when it ends', () => {
    const state = { window: 'w', limit: 10, remaining: 0, resetAtMs: NOW_MS + 12_000 };
    expect(
      readyPolicy('rate-limit', { limit: 10, name: 'burst' }).limited?.({ kind: 'window', state }, callOf(), NOW_MS),
    ).toMatchObject({
      kind: 'refused',
      problem: { slug: 'rate-limited', members: { exhausted: 'burst', limit: '10' }, retryAfterSeconds: 12 },
    });
  });
});
