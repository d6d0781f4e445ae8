import { describe, expect, it } from 'vitest';
import { levelsText, stackingWords } from './words.ts';

const LEVELS = ['api', 'route', 'plan'] as const;

describe('stackingWords', () => {
  it.each([
    ['replace', 'api', 'Holds on every route of this API. One that is set for a route or a plan takes its place.'],
    [
      'by-name',
      'route',
      'Holds on this route. It takes the place of one of the same name that is set for the API. One of the same name that is set for a plan takes its place.',
    ],
    [
      'add',
      'plan',
      'Holds for the calls of everyone on this plan. Those that are set for the API or a route hold as well.',
    ],
  ] as const)('%s at %s', (stacking, level, words) => {
    expect(stackingWords({ stacking, levels: [...LEVELS] }, level)).toBe(words);
  });

  it('says nothing of levels that a type has not', () => {
    expect(stackingWords({ stacking: 'replace', levels: ['api'] }, 'api')).toBe('Holds on every route of this API.');
  });
});

it('levelsText names where a type may be set', () => {
  expect(levelsText(['api', 'plan'])).toBe('An API, a plan');
});
