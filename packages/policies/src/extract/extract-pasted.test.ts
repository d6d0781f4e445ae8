import { describe, expect, it } from 'vitest';
import { extractPasted } from './extract-pasted.ts';

const headers = { kind: 'headers' as const, headers: { pages: 'x-pages', tier: 'x-tier' } };

describe('a pasted answer', () => {
  it('is read as JSON', () => {
    const text = '\n {"model":"m","usage":{"input_tokens":1,"output_tokens":2}}';
    expect(extractPasted({ kind: 'anthropic' }, text)).toMatchObject({ fields: { total_tokens: 3 }, complete: true });
  });

  it('is read as a stream where it looks like one', () => {
    const text =
      'event: message_start\ndata: {"type":"message_start","message":{"model":"m","usage":{"input_tokens":7}}}\n\n' +
      'event: message_delta\ndata: {"type":"message_delta","usage":{"output_tokens":2}}';
    expect(extractPasted({ kind: 'anthropic' }, text)).toMatchObject({
      fields: { model: 'm', input_tokens: 7, output_tokens: 2, total_tokens: 9 },
      complete: true,
    });
  });

  it('is read as a head by a rule that reads headers', () => {
    const head = 'HTTP/1.1 200 OK\r\nX-Pages: 12\r\nX-Tier: gold';
    expect(extractPasted(headers, head)).toEqual({
      kind: 'extracted',
      fields: { pages: 12, tier: 'gold' },
      complete: true,
    });
    expect(extractPasted(headers, 'x-pages: 0')).toMatchObject({ fields: { pages: 0 }, complete: false });
  });

  it('says why it is unreadable', () => {
    expect(extractPasted({ kind: 'openai' }, 'hello')).toMatchObject({ kind: 'unreadable' });
  });
});
