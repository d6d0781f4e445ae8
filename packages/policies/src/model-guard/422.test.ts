import { describe, expect, it } from 'vitest';
import { createPolicies } from '../create-policies.ts';
import { callOf, planOf, problemOf, readyPolicy } from '../policy-harness.ts';

describe('model-guard 422', () => {
  const policy = readyPolicy('model-guard', { outputTokensMax: 100, aboveMax: 'refuse' });

  it('lists every cap that is too large', () => {
    const json = { model: 'm', max_tokens: 101, max_output_tokens: 5_000, max_completion_tokens: 100 };
    expect(problemOf(policy, callOf({ json }))).toMatchObject({
      slug: 'invalid-input',
      members: { errors: [{ path: 'max_tokens' }, { path: 'max_output_tokens' }] },
    });
  });

  it.each([{ max_tokens: 100 }, {}, { max_tokens: null }])('lets %j through', (json) => {
    expect(problemOf(policy, callOf({ json }))).toBeNull();
  });

  it('a clamp lowers the cap that calls are priced under instead', () => {
    const guard = (level: 'api' | 'plan', outputTokensMax: number) => ({
      [level]: [{ type: 'model-guard', options: { outputTokensMax }, shadow: false }],
    });
    const route = {
      ...{ id: 'r', operationId: 'o', method: 'POST' as const, pathTemplate: '/', extractorId: null },
      ...{ bodyBytesMax: 1, strangerPriceNanoUsd: null, policies: [] },
    };
    const at = { apiId: 'a', route, plan: planOf([]) };
    const layers = { api: [], route: [], plan: [] };
    expect(createPolicies({ ...layers, ...guard('api', 50) }, at)?.outputTokensMax).toBe(50);
    expect(createPolicies({ ...layers, ...guard('api', 50), ...guard('plan', 70) }, at)?.outputTokensMax).toBe(70);
  });
});
