import { describe, expect, it } from 'vitest';
import { checkPolicies } from '../check-policies.ts';
import { callOf, readyPolicy } from '../policy-harness.ts';

const editsOf = (options: Record<string, unknown>, call = callOf()) => {
  const decision = readyPolicy('headers', options).decide(call);
  if (decision.kind === 'refused') throw new Error('headers refuse nothing');
  return decision.effects.map((effect) => effect.kind === 'edit-header' && effect.edit);
};

describe('headers 200', () => {
  it('strips first, then sets, each on its side', () => {
    const options = {
      setRequest: { 'x-a': '1' },
      stripRequest: ['x-b'],
      setResponse: { 'x-c': '2' },
      stripResponse: ['server'],
    };
    expect(editsOf(options)).toEqual([
      { side: 'request', name: 'x-b', value: null },
      { side: 'response', name: 'server', value: null },
      { side: 'request', name: 'x-a', value: '1' },
      { side: 'response', name: 'x-c', value: '2' },
    ]);
  });

  it('puts who calls into values; a stranger is empty', () => {
    const options = { setRequest: { 'x-who': '{customer}/{agent}/{key}/{plan}' } };
    expect(editsOf(options)).toEqual([{ side: 'request', name: 'x-who', value: 'cus_1/agt_1/key_1/pro' }]);
    expect(editsOf(options, callOf({ principal: null, planKey: null }))).toEqual([
      { side: 'request', name: 'x-who', value: '///' },
    ]);
  });

  it('puts what is noted on the key into values; what is not noted is empty, what no header carries is encoded', () => {
    const options = { setRequest: { 'x-note': '{metadata.team}/{metadata.city}/{metadata.constructor}/{metadata}' } };
    const metadata = { team: 'red', city: 'Köln 1' };
    const { principal } = callOf();
    if (principal === null) throw new Error('the call has a key');
    const noted = callOf({ principal: { ...principal, key: { ...principal.key, metadata } } });
    expect(editsOf(options, noted)).toEqual([
      { side: 'request', name: 'x-note', value: 'red/K%C3%B6ln 1//{metadata}' },
    ]);
    expect(editsOf(options, callOf({ principal: null }))).toEqual([
      { side: 'request', name: 'x-note', value: '///{metadata}' },
    ]);
  });

  it('decides the same value for every call where nothing is put in', () => {
    const policy = readyPolicy('headers', { setRequest: { 'x-a': '1' } });
    expect(policy.decide(callOf())).toBe(policy.decide(callOf()));
  });

  it.each([
    'host',
    'content-length',
    'authorization',
    'payment-required',
    'tollwright-cost-usd',
    'set-cookie',
    'X-Upper',
    'a b',
  ])('%s cannot be set', (name) => {
    const policies = [{ type: 'headers', options: { setRequest: { [name]: 'x' } }, shadow: false }];
    expect(checkPolicies('api', policies).kind).toBe('invalid');
  });

  it.each(['two\r\nlines', 'é', '\0'])('%j is no value', (value) => {
    const policies = [{ type: 'headers', options: { setResponse: { 'x-a': value } }, shadow: false }];
    expect(checkPolicies('api', policies).kind).toBe('invalid');
  });
});
