import { describe, expect, it } from 'vitest';
import { promptTokens } from './prompt.ts';
import { addStrings, TextTally } from './text-tally.ts';

/** Words are tokens here. */
const words = (text: string) => text.split(' ').filter((word) => word !== '').length;

describe('a tally of text', () => {
  it('counts every word once, however often it is asked', () => {
    const tally = new TextTally();
    for (let word = 1; word <= 100; word++) {
      tally.add(0, ' road');
      expect(tally.tokens(words)).toBe(word);
    }
  });

  it('counts texts of different places apart', () => {
    const tally = new TextTally();
    tally.add(0, 'the ro');
    tally.add(1, 'gate');
    tally.add(0, 'ad');
    expect([tally.tokens(words), tally.bytes]).toEqual([3, 12]);
  });

  it('weighs what comes after 32 Ki characters, at four bytes a token', () => {
    const tally = new TextTally();
    tally.add(0, 'a '.repeat(16 * 1024));
    tally.add(0, 'b '.repeat(2_000));
    tally.add(1, 'c');
    expect(tally.tokens(words)).toBe(16 * 1024 + Math.ceil(4_001 / 4));
  });

  it('is four bytes a token without a tokenizer', () => {
    const tally = new TextTally();
    tally.add(0, 'höflich');
    tally.weigh(3);
    expect(tally.tokens(null)).toBe(Math.ceil(11 / 4));
  });

  it('takes text from anywhere in a value, but not what frames it', () => {
    const tally = new TextTally();
    addStrings(tally, 0, {
      role: 'user',
      content: [
        { type: 'text', text: 'a ' },
        { type: 'x', data: 'AAAA', y: 'b' },
      ],
    });
    expect(tally.bytes).toBe(3);
  });
});

describe('what is nested deeper than a stack', () => {
  const nested = (inner: string, deep = 200_000) => '['.repeat(deep) + inner + ']'.repeat(deep);

  it('is counted like any other text', () => {
    const tally = new TextTally();
    addStrings(tally, 0, JSON.parse(nested('"the road"')));
    expect(tally.tokens(words)).toBe(2);
  });

  it('is counted in the order in which it is written', () => {
    const tally = new TextTally();
    addStrings(tally, 0, ['a b', { x: ['c', { y: 'd ' }], z: 'e' }]);
    const joined: string[] = [];
    tally.tokens((text) => joined.push(text));
    expect(joined).toEqual(['a bcd e']);
  });

  it('does not keep the tokens of a request from being counted', () => {
    const instructions = `{"instructions":{"a":${nested('"the road"')}}}`;
    expect(promptTokens(Buffer.from(instructions), words)).toBe(2);
    const tools = `{"tools":${nested('1')}}`;
    expect(promptTokens(Buffer.from(tools), words)).toBe(Math.ceil(tools.length / 4));
  });
});

describe('the tokens of a request', () => {
  const of = (document: unknown) => promptTokens(Buffer.from(JSON.stringify(document)), words);

  it.each([
    [
      'messages',
      {
        messages: [
          { role: 'user', content: 'a b' },
          { role: 'assistant', content: 'c' },
        ],
      },
      3 + 2 * 4 + 3,
    ],
    ['a prompt', { prompt: 'a b c' }, 3],
    ['several prompts', { prompt: ['a b', 'c'] }, 3],
    ['a prompt in tokens', { prompt: [1, 2, 3] }, 3],
    ['prompts in tokens', { prompt: [[1, 2], [3]] }, 3],
    ['an input with instructions', { instructions: 'a b', input: 'c' }, 3],
    [
      'a system text and tools',
      { system: [{ type: 'text', text: 'a b' }], messages: [], tools: [{ name: 'x y' }] },
      2 + 4 + 3 + 2,
    ],
    ['nothing', {}, 0],
  ])('%s are its texts and its frames', (_what, document, tokens) => expect(of(document)).toBe(tokens));

  it('are never more than its bytes, and four bytes each where it cannot be read', () => {
    expect(of({ prompt: Array.from({ length: 30 }, () => 1) })).toBeLessThanOrEqual(80);
    expect(promptTokens(Buffer.from('hello'), words)).toBe(2);
    expect(promptTokens(Buffer.from('{"prompt":"a b c d"}'), null)).toBe(5);
  });
});
