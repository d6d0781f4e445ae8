import { describePolicyTypes, policyTypeOf } from '@tollwright/policies';
import { describe, expect, it } from 'vitest';
import { optionsText } from './options-text.ts';
import type { PolicyType } from './outputs.ts';
import { inRunOrder, policyTitle, whyNotAdded } from './run-order.ts';

const types = describePolicyTypes().map((described): PolicyType => {
  const shape = policyTypeOf(described.type)?.options.shape ?? {};
  const defaults = Object.fromEntries(
    Object.entries(shape).flatMap(([name, option]) => {
      const parsed = option.safeParse(undefined);
      return parsed.success ? [[name, parsed.data]] : [];
    }),
  );
  return { ...described, levels: [...described.levels], optionsSchema: { ...described.optionsSchema }, defaults };
});
const typeOf = (name: string): PolicyType => {
  const found = types.find(({ type }) => type === name);
  if (!found) throw new Error(`no type ${name}`);
  return found;
};

describe('optionsText', () => {
  it.each([
    ['budget', {}, 'As it is by default.'],
    ['rate-limit', { name: 'burst', limit: 5, by: 'ip' }, 'Limit 5, by IP'],
    ['api-key', { bearer: false, headers: [] }, 'Not bearer, headers none'],
    [
      'ip-filter',
      { deny: ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'] },
      'Deny 10.0.0.1 10.0.0.2 10.0.0.3 and 1 more',
    ],
    ['headers', { setRequest: { 'x-a': 'secret' } }, 'Set request x-a'],
    ['complex-rate-limit', { counters: [{ name: 'dollars', counts: 'usd', limit: '1' }] }, 'Counters dollars'],
  ])('%s %j reads %s', (type, written, text) => {
    const options = policyTypeOf(type)?.options.parse(written) ?? {};
    expect(optionsText(typeOf(type), options)).toBe(text);
  });
});

describe('policies in a list', () => {
  const policies = [
    { type: 'rate-limit', options: { name: 'burst', limit: 1 }, shadow: false },
    { type: 'request-size', options: { bytesMax: 1 }, shadow: false },
  ];

  it('stand in the order in which they run, with their places in the list', () => {
    const placed = inRunOrder(policies, types);
    expect(placed.map((one) => [one.index, policyTitle(one)])).toEqual([
      [1, 'Request size'],
      [0, 'Rate limit burst'],
    ]);
  });

  it('say which types there is one of', () => {
    expect(whyNotAdded(typeOf('request-size'), policies)).toBe('Set already: there is one of it.');
    expect(whyNotAdded(typeOf('rate-limit'), policies)).toBeNull();
  });
});
