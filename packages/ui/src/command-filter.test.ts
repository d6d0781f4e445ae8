import { describe, expect, it } from 'vitest';
import { type Command, filterCommands } from './command-filter.ts';

const commands: readonly Command[] = [
  { label: 'APIs', href: '/apis', group: 'Go to' },
  { label: 'Plans', href: '/plans', group: 'Go to', keywords: 'prices' },
  { label: 'Create plan', href: '/plans/new', group: 'Create' },
];
const found = (query: string) => filterCommands(commands, query).map(({ label }) => label);

describe('filterCommands', () => {
  it('shows everything while nothing is typed', () => {
    expect(found('  ')).toEqual(['APIs', 'Plans', 'Create plan']);
  });

  it('puts names that begin with the words first', () => {
    expect(found('create')).toEqual(['Create plan']);
    expect(found('p')).toEqual(['Plans', 'APIs', 'Create plan']);
  });

  it('wants every word, wherever it occurs', () => {
    expect(found('go price')).toEqual(['Plans']);
    expect(found('nothing')).toEqual([]);
  });
});
