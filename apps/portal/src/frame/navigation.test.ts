import { describe, expect, it } from 'vitest';
import { consumerNavigation, isCurrent, providerNavigation } from './navigation.ts';

const labelsAt = (pathname: string) =>
  providerNavigation('/console/acme')
    .filter((item) => isCurrent(item, pathname))
    .map(({ label }) => label);

describe('isCurrent', () => {
  it.each([
    ['/console/acme', ['Home']],
    ['/console/acme/plans', ['Plans']],
    ['/console/acme/plans/pln_1', ['Plans']],
    ['/console/acme/plansable', []],
    ['/console/other', []],
  ])('%s belongs to %j', (pathname, labels) => {
    expect(labelsAt(pathname)).toEqual(labels);
  });
});

describe('consumerNavigation', () => {
  it('leads an owner from agents to the bill', () => {
    expect(consumerNavigation('/p/acme').map(({ label }) => label)).toEqual([
      'Home',
      'Agents',
      'Usage',
      'Logs',
      'Plan & billing',
      'Team',
      'Docs',
    ]);
  });
});
