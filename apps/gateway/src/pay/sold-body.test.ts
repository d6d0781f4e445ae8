import { Socket } from 'node:net';
import type { ExtractorRule } from '@tollwright/contracts';
import { describe, expect, it } from 'vitest';
import { LeanRequest } from '../http/lean-request.ts';
import { asksForStream, soldBodyProblem } from './sold-body.ts';

function slugOf(text: string | Buffer | null, rule: ExtractorRule | null, headers: Record<string, string> = {}) {
  const request = Object.assign(new LeanRequest(new Socket()), { method: 'POST' });
  Object.assign(request.headers, headers);
  const body = text === null ? ({ kind: 'none' } as const) : ({ kind: 'buffered', bytes: Buffer.from(text) } as const);
  return soldBodyProblem(request, rule, body)?.slug ?? null;
}
const openai: ExtractorRule = { kind: 'openai' };

describe('the body of a call that a stranger pays for', () => {
  it.each([
    ['a stream', '{"stream":true}', null],
    ['a stream and none', '{"stream":true,"stream":false}', 'bad-request'],
    ['a stream in another case', '{"Stream":true}', 'bad-request'],
    ['a stream by an escape', '{"\\u0073tream":true,"stream":false}', 'bad-request'],
    ['a stream by a number', '{"stream":1}', 'invalid-input'],
    ['a form', 'stream=true', 'bad-request'],
    ['UTF-16', Buffer.from('{"stream":true}', 'utf16le'), 'bad-request'],
    ['nothing', '', 'bad-request'],
    ['no body', null, 'bad-request'],
    ['an answer at once', '{"stream":false}', null],
    ['a model call', '{"model":"m","messages":[]}', null],
  ])('where a model answers: %s', (_name, text, slug) => {
    expect(slugOf(text, openai)).toBe(slug);
  });

  it('must call itself JSON where a model answers', () => {
    expect(slugOf('{}', openai, { 'content-type': 'text/plain' })).toBe('unsupported-media-type');
  });

  it('is any other, where nothing is read', () => {
    expect(slugOf('a=b', null, { 'content-type': 'application/x-www-form-urlencoded' })).toBeNull();
    const json: ExtractorRule = { kind: 'json', fields: {} };
    expect([slugOf(null, json), slugOf('hello', json), slugOf('{"stream":true}', json)]).toEqual([null, null, null]);
  });
});

describe('a call that asks for a stream', () => {
  it.each([
    ['by its body', '{"stream":true}', {}, true],
    ['by what it accepts', null, { accept: 'application/json;q=0.5, text/event-stream' }, true],
    ['not', '{"stream":false}', { accept: 'application/json' }, false],
    ['not, where stream is something else', '{"a":{"stream":true}}', {}, false],
    ['not, where its body is no JSON', '"stream"', {}, false],
  ])('%s', (_how, text, headers, asks) => {
    const body =
      text === null ? ({ kind: 'none' } as const) : ({ kind: 'buffered', bytes: Buffer.from(text) } as const);
    expect(asksForStream({ headers }, body)).toBe(asks);
  });
});
