import { describe, expect, it } from 'vitest';
import { callOf, problemOf, readyPolicy } from '../policy-harness.ts';

const policy = readyPolicy('request-size', { bytesMax: 100 });

describe('request-size 413', () => {
  it('refuses a body that announces more, before it is read', () => {
    expect(problemOf(policy, callOf({ bodyBytes: 101 }))).toMatchObject({
      slug: 'body-too-large',
      members: { limit: 100 },
    });
  });

  it.each([0, 100, null])('caps what is read of a body that announces %s bytes', (bodyBytes) => {
    expect(policy.decide(callOf({ bodyBytes }))).toEqual({
      kind: 'allowed',
      effects: [{ kind: 'cap-body', bytesMax: 100 }],
    });
  });
});
