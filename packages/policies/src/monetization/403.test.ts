import { describe, expect, it } from 'vitest';
import { callOf, planOf, problemOf, readyPolicy } from '../policy-harness.ts';

const grants = (features: string[]) => [{ type: 'monetization', options: { grants: features }, shadow: false }];
const policyOn = (plan: ReturnType<typeof planOf> | null) =>
  readyPolicy('monetization', { requires: ['vision', 'batch'] }, { level: 'route', plan });

describe('monetization 403', () => {
  it('names the features that the plan does not grant', () => {
    expect(problemOf(policyOn(planOf(grants(['vision']))), callOf())).toMatchObject({
      slug: 'not-entitled',
      members: { missing: ['batch'] },
    });
    expect(problemOf(policyOn(null), callOf())).toMatchObject({ members: { missing: ['vision', 'batch'] } });
  });

  it('a plan grants what it lists and what it has quotas of', () => {
    expect(problemOf(policyOn(planOf(grants(['vision']), ['batch'])), callOf())).toBeNull();
  });

  it('what an owner writes on a key grants nothing', () => {
    const policy = policyOn(planOf([]));
    const principal = callOf().principal;
    const key = principal && { ...principal.key, metadata: { plan: 'enterprise', grants: 'vision,batch' } };
    expect(problemOf(policy, callOf({ principal: principal && key && { ...principal, key } }))).not.toBeNull();
  });

  it('a stranger pays for the call instead', () => {
    expect(problemOf(policyOn(null), callOf({ principal: null }))).toBeNull();
  });
});
