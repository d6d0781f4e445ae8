import { describe, expect, it } from 'vitest';
import { setupSteps } from './setup.ts';

const done = (facts: Parameters<typeof setupSteps>[0]) =>
  setupSteps(facts).flatMap((step) => (step.done ? [step.key] : []));

describe('setupSteps', () => {
  it('has nothing done in an empty console', () => {
    expect(done({ apis: 0, meters: 0, publishedPlans: 0, calls: 0 })).toEqual([]);
  });

  it('takes each step from what is there', () => {
    expect(done({ apis: 1, meters: 0, publishedPlans: 2, calls: 0 })).toEqual(['api', 'plan']);
    expect(done({ apis: 1, meters: 3, publishedPlans: 1, calls: 1 })).toEqual(['api', 'meters', 'plan', 'call']);
  });
});
