import { describe, expect, it } from 'vitest';
import { costStates, scopeOf } from './cost-states.ts';

const table = (id: string, day: number, apiId: string | null = null, routeId: string | null = null) => ({
  ...{ id, apiId, routeId },
  effectiveFrom: `2026-11-0${day}T00:00:00.000Z`,
});

describe('costStates', () => {
  it('has the last that began of each scope in force', () => {
    const tables = [table('d', 9), table('c', 3), table('b', 3), table('a', 1), table('e', 2, 'api_1')];
    expect(Object.fromEntries(costStates(tables, Date.parse('2026-11-05T00:00:00Z')))).toEqual({
      ...{ a: 'past', b: 'past', c: 'in force', d: 'from then on', e: 'in force' },
    });
  });
});

describe('scopeOf', () => {
  it('is the value that the form knows it by', () => {
    expect([scopeOf(table('a', 1)), scopeOf(table('a', 1, 'x')), scopeOf(table('a', 1, 'x', 'y'))]).toEqual([
      '',
      'x',
      'x y',
    ]);
  });
});
