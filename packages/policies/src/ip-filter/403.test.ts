import { describe, expect, it } from 'vitest';
import { callOf, problemOf, readyPolicy } from '../policy-harness.ts';
import { parseBlock } from './cidr.ts';

const refused = (options: { allow?: string[]; deny?: string[] }, clientIp: string) =>
  problemOf(readyPolicy('ip-filter', options), callOf({ clientIp })) !== null;

describe('ip-filter 403', () => {
  it.each([
    ['a denied block', { deny: ['203.0.113.0/24'] }, '203.0.113.77', true],
    ['the edge of a block', { deny: ['203.0.113.0/25'] }, '203.0.113.127', true],
    ['just past the edge', { deny: ['203.0.113.0/25'] }, '203.0.113.128', false],
    ['one denied address', { deny: ['2001:db8::1'] }, '2001:db8::1', true],
    ['a denied IPv6 block', { deny: ['2001:db8::/32'] }, '2001:db8:ffff::9', true],
    ['outside of what is allowed', { allow: ['198.51.100.0/24'] }, '192.0.2.1', true],
    ['inside of what is allowed', { allow: ['198.51.100.0/24'] }, '198.51.100.9', false],
    ['allowed and denied', { allow: ['198.51.100.0/24'], deny: ['198.51.100.9'] }, '198.51.100.9', true],
    ['a v4 address that is written in IPv6', { deny: ['203.0.113.0/24'] }, '::ffff:203.0.113.5', true],
    ['no address where some are allowed', { allow: ['0.0.0.0/0'] }, '', true],
  ])('%s', (_what, options, clientIp, expected) => {
    expect(refused(options, clientIp)).toBe(expected);
  });

  it('does not say which addresses would be allowed', () => {
    const policy = readyPolicy('ip-filter', { allow: ['198.51.100.0/24'] });
    expect(problemOf(policy, callOf())).toEqual({
      slug: 'forbidden',
      detail: 'Calls from this address are not allowed.',
    });
  });

  it.each([
    '',
    'localhost',
    '1.2.3',
    '1.2.3.4/33',
    '1.2.3.4/-1',
    '2001:db8::/129',
    '1.2.3.4/8/8',
    'fe80::1%eth0',
    '01.2.3.4',
  ])('%j is no block', (text) => {
    expect(parseBlock(text)).toBeNull();
  });
});
