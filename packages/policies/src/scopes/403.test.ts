import { describe, expect, it } from 'vitest';
import { caller, callOf, problemOf, readyPolicy } from '../policy-harness.ts';

const all = readyPolicy('scopes', { scopes: ['chat:read', 'chat:write'] });
const any = readyPolicy('scopes', { scopes: ['chat:read', 'chat:write'], match: 'any' });
const withScopes = (...scopes: string[]) => callOf({ principal: caller({ scopes }) });

describe('scopes 403', () => {
  it('names what the key lacks', () => {
    expect(problemOf(all, withScopes('chat:read'))).toMatchObject({
      slug: 'missing-scope',
      members: { missing: ['chat:write'] },
    });
  });

  it.each([
    ['all of them', all, ['chat:read', 'chat:write', 'more'], true],
    ['one of two that are both needed', all, ['chat:write'], false],
    ['one of two that suffice alone', any, ['chat:write'], true],
    ['none of them', any, ['more'], false],
    ['a scope that only begins like it', any, ['chat:reader', 'chat'], false],
  ] as const)('a key with %s', (_what, policy, scopes, expected) => {
    expect(problemOf(policy, withScopes(...scopes)) === null).toBe(expected);
  });

  it('a key made before there were scopes has none', () => {
    expect(problemOf(any, callOf())).not.toBeNull();
  });

  it('metadata that the owner wrote is no scope', () => {
    const principal = caller({ metadata: { scopes: 'chat:read chat:write' } });
    expect(problemOf(any, callOf({ principal }))).not.toBeNull();
  });

  it('a stranger pays instead of having scopes', () => {
    expect(problemOf(all, callOf({ principal: null }))).toBeNull();
  });
});
