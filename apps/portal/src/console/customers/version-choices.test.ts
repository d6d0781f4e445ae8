import { describe, expect, it } from 'vitest';
import type { Plan } from '../outputs.ts';
import { versionChoices } from './version-choices.ts';

const plan = (name: string, customerId: string | null, statuses: readonly ('draft' | 'published')[]) =>
  ({
    name,
    customerId,
    versions: statuses.map((status, index) => ({ id: `${name}-${index + 1}`, version: index + 1, status })),
  }) as unknown as Plan;

describe('versionChoices', () => {
  it('offers published versions of public plans and of its own, but not what it is on', () => {
    const plans = [
      plan('Free', null, ['published']),
      plan('Pro', null, ['published', 'published', 'draft']),
      plan('Mine', 'cus_1', ['published']),
      plan('Theirs', 'cus_2', ['published']),
    ];
    expect(versionChoices(plans, 'cus_1', 'Pro-1').map(({ label }) => label)).toEqual([
      'Free version 1',
      'Pro version 2',
      'Mine version 1',
    ]);
  });
});
