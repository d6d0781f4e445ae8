import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readingsOf, UNCAPPED_TOKENS } from './readings.ts';
import { topLevelEntries } from './top-level.ts';

const tokensOf = (path: string, body: string) => readingsOf(path, Buffer.from(body)).map((one) => one.outputTokens);
const CHAT = '/v1/chat/completions';

describe('the readings of a body', () => {
  it.each([
    [CHAT, '{"messages":[],"max_tokens":5,"n":2}', [10]],
    [CHAT, '{"messages":[]}', [UNCAPPED_TOKENS]],
    [CHAT, '{"messages":[],"max_tokens":5,"max_completion_tokens":9}', [9]],
    [CHAT, '{"messages":[],"max_tokens":5,"max_tokens":9}', [9, 5]],
    [CHAT, '{"messages":[],"max_tokens":5,"MAX_TOKENS":9}', [5, 9]],
    [CHAT, '{"messages":[],"max_tokens":5,"max_token\u017f":9}', [5, 9]],
    [CHAT, '{"messages":[],"max_tokens":5,"max_to\u212aens":9}', [5, 9]],
    [CHAT, '{"messages":[],"max_tokens":5,"max_tokens\\u0000":9}', [5, 9]],
    [CHAT, '{"messages":[],"max\\u005ftokens":5}', [5]],
    [CHAT, '{"messages":[],"max_tokens":"5"}', [5]],
    [CHAT, '{"input":"a","max_tokens":5}', []],
    [CHAT, '[]', []],
    ['/v1/completions', '{"prompt":["a","b"],"max_tokens":5,"best_of":3}', [30]],
    ['/v1/completions', '{"prompt":"a","max_completion_tokens":5}', [UNCAPPED_TOKENS]],
    ['/v1/responses', '{"input":"a","max_tokens":5}', [UNCAPPED_TOKENS]],
    ['/v1/messages', '{"messages":[],"max_tokens":5,"n":2}', [5]],
    ['/weather', '{"messages":[]}', []],
  ])('on %s: %s', (path, body, tokens) => {
    expect(tokensOf(path, body)).toEqual(tokens);
  });
});

describe('the members of a JSON text', () => {
  it('are those that JSON.parse finds, where no name occurs twice', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), fc.nat(3), (object, indent) => {
        const document: unknown = JSON.parse(JSON.stringify(object));
        const entries = topLevelEntries(JSON.stringify(object, null, indent));
        expect(Object.fromEntries(entries ?? [])).toEqual(document);
        expect(entries?.length).toBe(Object.keys(object).length);
      }),
      { numRuns: 500 },
    );
  });

  it('are listed as often as they are written', () => {
    expect(topLevelEntries('{"a":1,"\\u0061":{"a":2},"a":[3]}')).toEqual([
      ['a', 1],
      ['a', { a: 2 }],
      ['a', [3]],
    ]);
    expect([topLevelEntries('[]'), topLevelEntries('{}')]).toEqual([null, []]);
  });
});
