import { describe, expect, it } from 'vitest';
import { extractJson } from './extract-json.ts';

const openai = { kind: 'openai' as const };

describe('openai extractor', () => {
  it.each([
    [
      'a chat completion',
      { model: 'm', usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } },
      { model: 'm', input_tokens: 3, output_tokens: 4, total_tokens: 7 },
    ],
    [
      'a legacy completion without a total',
      { model: 'm', choices: [{ text: 'x' }], usage: { prompt_tokens: 3, completion_tokens: 4 } },
      { model: 'm', input_tokens: 3, output_tokens: 4, total_tokens: 7 },
    ],
    [
      'a response',
      { model: 'm', object: 'response', usage: { input_tokens: 5, output_tokens: 6, total_tokens: 11 } },
      { model: 'm', input_tokens: 5, output_tokens: 6, total_tokens: 11 },
    ],
    [
      'explicit zeros',
      { model: 'm', usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } },
      { model: 'm', input_tokens: 0, output_tokens: 0, total_tokens: 0 },
    ],
  ])('reads %s', (_name, document, fields) => {
    expect(extractJson(openai, JSON.stringify(document))).toEqual({ kind: 'extracted', fields, complete: true });
  });

  it.each([
    ['null usage', { model: 'm', usage: null }],
    ['negative, fractional and textual counts', { model: 'm', usage: { prompt_tokens: -1, completion_tokens: 1.5 } }],
    ['no usage', { model: 'm' }],
  ])('%s is incomplete and invents nothing', (_name, document) => {
    const result = extractJson(openai, JSON.stringify(document));
    expect(result).toEqual({ kind: 'extracted', fields: { model: 'm' }, complete: false });
  });

  it('says why text is unreadable', () => {
    expect(extractJson(openai, '{"model":')).toMatchObject({ kind: 'unreadable' });
  });
});

describe('json extractor', () => {
  const rule = {
    kind: 'json' as const,
    fields: { pages: '$.meta.pages', first: '$.items.0.name', zero: '$.zero', flag: '$.flag', lost: '$.no.where' },
  };

  it('reads members and indexes, keeps zero and false, and leaves out what is not there', () => {
    const text = JSON.stringify({ meta: { pages: 12 }, items: [{ name: 'a' }], zero: 0, flag: false });
    expect(extractJson(rule, text)).toEqual({
      kind: 'extracted',
      fields: { pages: 12, first: 'a', zero: 0, flag: false },
      complete: false,
    });
  });

  it('never reads what an object inherits', () => {
    const inherited = { kind: 'json' as const, fields: { x: '$.constructor.name' } };
    expect(extractJson(inherited, '{}')).toMatchObject({ fields: {} });
  });
});
