import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topLevelMembers } from './members.ts';

describe('top-level members', () => {
  it('are those that JSON.parse reads, with values at their offsets, whatever the spacing', () => {
    const objects = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(objects, fc.constantFrom(0, 1, '\t'), (object, space) => {
        const text = JSON.stringify(object, null, space);
        const members = topLevelMembers(text);
        expect(members.map(({ name }) => name)).toEqual(Object.keys(JSON.parse(text) as object));
        for (const { name, valueStart, valueEnd } of members) {
          expect(JSON.parse(text.slice(valueStart, valueEnd))).toEqual(JSON.parse(JSON.stringify(object[name])));
        }
      }),
    );
  });

  it('are listed twice when written twice, and by their meaning when escaped', () => {
    const text = '{ "n": 1, "\\u006e" : [1,{"n":2}] , "n":"}," }';
    expect(topLevelMembers(text).map(({ name }) => name)).toEqual(['n', 'n', 'n']);
  });
});
