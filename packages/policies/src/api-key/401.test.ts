import type { Principal } from '@tollwright/contracts';
import { makeKey } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import { apiKeyOptions, createApiKeyPolicy, INVALID_KEY } from './api-key.ts';

const policy = createApiKeyPolicy();
const scope = { providerId: 'prv_1', livemode: true };
const nowMs = 1_800_000_000_000;
const principal = (key: Partial<Principal['key']> = {}, customer: Partial<Principal['customer']> = {}): Principal => ({
  key: {
    ...{ keyId: 'key_1', agentId: 'agt_1', projectId: null, status: 'active', expiresAtMs: null, livemode: true },
    budgetNodes: [{ node: 'budget:own_1', limitNanoUsd: 1n, period: 'month' }],
    ...key,
  },
  customer: {
    ...{ customerId: 'cus_1', providerId: 'prv_1', version: 1, status: 'active' },
    ...{ subscriptionId: 'sub_1', planVersionId: 'plv_1' },
    ...customer,
  },
});

describe('api-key 401', () => {
  it.each([
    ['an unknown key', null],
    ['a revoked key', principal({ status: 'revoked' })],
    ['a key that expires now', principal({ expiresAtMs: nowMs })],
    ['a key of another provider', principal({}, { providerId: 'prv_2' })],
    ['a test key on a live API', principal({ livemode: false })],
  ])('%s is refused with the one problem for all', (_name, found) => {
    expect(policy.decide(found, scope, nowMs)).toEqual({ kind: 'refused', problem: INVALID_KEY });
  });

  it('a suspended account is told so, but only to a valid key', () => {
    const decision = policy.decide(principal({}, { status: 'suspended' }), scope, nowMs);
    expect(decision).toMatchObject({ kind: 'refused', problem: { slug: 'forbidden' } });
    const overdue = { overdueSinceMs: nowMs - 1 };
    expect(policy.decide(principal({}, overdue), scope, nowMs)).toMatchObject({ problem: { slug: 'payment-overdue' } });
    const ofTests = policy.decide(principal({ livemode: false }, overdue), { ...scope, livemode: false }, nowMs);
    expect(ofTests).toMatchObject({ kind: 'allowed' });
    const revoked = policy.decide(principal({ status: 'revoked' }, { status: 'suspended' }), scope, nowMs);
    expect(revoked).toEqual({ kind: 'refused', problem: INVALID_KEY });
  });

  it('a current key is allowed until its last millisecond', () => {
    expect(policy.decide(principal({ expiresAtMs: nowMs + 1 }), scope, nowMs).kind).toBe('allowed');
  });
});

describe('api-key presentation', () => {
  const key = makeKey('tw', true, new Uint8Array(64).fill(7));
  it.each([
    ['bearer', `Bearer ${key}`, undefined, 'key'],
    ['bearer in another case', `bearer  ${key}`, undefined, 'key'],
    ['header', undefined, key, 'key'],
    ['both', `Bearer ${key}`, 'tw_live_other', 'key'],
    ['neither', undefined, undefined, 'none'],
    ['another scheme', 'Basic dXNlcjpwYXNz', undefined, 'none'],
    ['a wrong checksum', `Bearer ${key.slice(0, -1)}!`, undefined, 'malformed'],
    ['something else', undefined, 'hello', 'malformed'],
  ])('%s is %s', (_name, authorization, xApiKey, kind) => {
    expect(policy.present({ authorization, 'x-api-key': xApiKey }).kind).toBe(kind);
  });
});

describe('where a provider lets keys stand', () => {
  const key = makeKey('tw', true, new Uint8Array(64).fill(7));
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
  const kindOf = (options: object, headers: Record<string, string>) =>
    createApiKeyPolicy(apiKeyOptions.parse(options)).present(headers).kind;

  it.each([
    ['a header of its own', { headers: ['x-acme-key'] }, { 'x-acme-key': key }, 'key'],
    ['the first of two headers', { headers: ['x-a', 'x-b'] }, { 'x-a': key, 'x-b': 'hello' }, 'key'],
    ['a header that is not named any more', { headers: ['x-acme-key'] }, { 'x-api-key': key }, 'none'],
    ['bearer where it is closed', { bearer: false }, { authorization: `Bearer ${key}` }, 'none'],
    ['basic where it is closed', {}, { authorization: basic(`${key}:`) }, 'none'],
    ['the user name', { basic: 'username' }, { authorization: basic(`${key}:`) }, 'key'],
    ['the password', { basic: 'password' }, { authorization: basic(`agent:${key}`) }, 'key'],
    [
      'a password where the user name is asked for',
      { basic: 'username' },
      { authorization: basic(`agent:${key}`) },
      'malformed',
    ],
    ['an empty password', { basic: 'password' }, { authorization: basic('agent:') }, 'none'],
    ['what is no pair', { basic: 'username' }, { authorization: basic(key) }, 'none'],
  ] as const)('%s', (_where, options, headers, kind) => {
    expect(kindOf(options, headers)).toBe(kind);
  });

  it.each(['authorization', 'cookie', 'host', 'X-Upper', 'payment-signature'])('%s carries no key', (name) => {
    expect(apiKeyOptions.safeParse({ headers: [name] }).success).toBe(false);
  });
});
