import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askForUsage, lacksUsage } from './usage-option.ts';

const edited = (text: string) => (lacksUsage(JSON.parse(text) as Record<string, unknown>) ? askForUsage(text) : text);

describe('the question for usage', () => {
  it.each([
    ['no options', '{"stream":true}', '{"stream_options":{"include_usage":true},"stream":true}'],
    [
      'null',
      '{"stream":true, "stream_options" : null }',
      '{"stream":true, "stream_options" : {"include_usage":true} }',
    ],
    [
      'empty options',
      '{"stream":true,"stream_options":{ }}',
      '{"stream":true,"stream_options":{"include_usage":true }}',
    ],
    [
      'other options',
      '{"stream_options":{"x":[1,{"include_usage":1}]},"stream":true}',
      '{"stream_options":{"include_usage":true,"x":[1,{"include_usage":1}]},"stream":true}',
    ],
    [
      'a refusal',
      '{"stream":true,"stream_options":{"include_usage": false}}',
      '{"stream":true,"stream_options":{"include_usage": true}}',
    ],
    [
      'a refusal twice',
      '{"stream":true,"stream_options":{"include_usage":null,"include_usage":false}}',
      '{"stream":true,"stream_options":{"include_usage":true,"include_usage":true}}',
    ],
  ])('replaces or joins %s', (_name, text, expected) => expect(edited(text)).toBe(expected));

  it.each([
    ['that is asked already', '{"stream":true,"stream_options":{"include_usage":true}}'],
    ['of an answer that is no stream', '{"stream":false}'],
    ['of a response, which carries it anyway', '{"stream":true,"input":"hi"}'],
    ['of a response from a stored prompt', '{"stream":true,"prompt":{"id":"p"}}'],
    ['with options that nobody understands', '{"stream":true,"stream_options":"x"}'],
  ])('%s is left alone', (_name, text) => expect(edited(text)).toBe(text));

  it('changes nothing but the option, whatever else a request says', () => {
    const rest = fc.dictionary(
      fc.string().filter((name) => name !== '__proto__'),
      fc.jsonValue({ maxDepth: 3 }),
    );
    fc.assert(
      fc.property(rest, rest, fc.constantFrom(0, 1, '\t'), (members, options, space) => {
        const { stream_options: _, input: __, prompt: ___, ...others } = members;
        const document = { ...others, stream: true, stream_options: options };
        const text = askForUsage(JSON.stringify(document, null, space));
        const expected = JSON.parse(
          JSON.stringify({ ...document, stream_options: { ...options, include_usage: true } }),
        );
        expect(JSON.parse(text)).toEqual(expected);
      }),
    );
  });
});
