import { describe, expect, it } from 'vitest';
import { nextStep, setupSteps } from './setup.ts';

const NOTHING = { hasPlan: false, agents: 0, hasKey: false, hasCalled: false };

describe('nextStep', () => {
  it('begins with the plan', () => {
    expect(nextStep(setupSteps(NOTHING))).toBe('plan');
  });

  it('is the first gap, also behind a later step that is done', () => {
    expect(nextStep(setupSteps({ ...NOTHING, hasPlan: true, agents: 2, hasCalled: true }))).toBe('key');
  });

  it('is nothing when all is done', () => {
    expect(nextStep(setupSteps({ hasPlan: true, agents: 1, hasKey: true, hasCalled: true }))).toBeNull();
  });
});
