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
  const labels = (isUsed: boolean) => consumerNavigation('/p/acme', { waiting: 2, isUsed }).map(({ label }) => label);

  it('leads an owner from agents to the bill', () => {
    expect(labels(false)).toEqual(['Home', 'Agents', 'Usage', 'Logs', 'Plan & billing', 'Team', 'Docs']);
  });

  it('has approvals, and how many wait, where they concern anybody', () => {
    expect(labels(true).slice(0, 4)).toEqual(['Home', 'Agents', 'Approvals', 'Usage']);
    const items = consumerNavigation('/p/acme', { waiting: 2, isUsed: true });
    expect(items.find(({ label }) => label === 'Approvals')).toMatchObject({ href: '/p/acme/approvals', waiting: 2 });
  });
});
