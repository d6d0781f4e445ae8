import { describe, expect, it } from 'vitest';
import { InvalidRequest } from './malformed.ts';
import { type RequestFraming, requestHead } from './request-head.ts';

const base = { method: 'POST', target: '/v1?a=b', headers: ['host', 'up.test', 'x-a', 'b'] };
const none: RequestFraming = { kind: 'none' };
const start = 'POST /v1?a=b HTTP/1.1\r\nhost: up.test\r\nx-a: b\r\n';

describe('the head of a request', () => {
  it.each<[string, RequestFraming, string]>([
    ['a length', { kind: 'length', bytes: 7 }, `${start}content-length: 7\r\n\r\n`],
    ['chunks', { kind: 'chunked' }, `${start}transfer-encoding: chunked\r\n\r\n`],
    ['a length of 0 where a body is expected', none, `${start}content-length: 0\r\n\r\n`],
  ])('frames its body by %s', (_what, framing, expected) => {
    expect(requestHead(base, framing)).toBe(expected);
  });

  it('says nothing of a body where none is expected', () => {
    expect(requestHead({ ...base, method: 'GET' }, none)).toBe(`${start.replace('POST', 'GET')}\r\n`);
  });

  it.each<[string, Partial<typeof base>]>([
    ['a line end in a value', { headers: ['host', 'up.test', 'x-a', 'b\r\nx-c: d'] }],
    ['a bare LF in a value', { headers: ['host', 'up.test', 'x-a', 'b\nc'] }],
    ['a NUL in a value', { headers: ['host', 'up.test', 'x-a', 'b\0'] }],
    ['a character beyond latin1', { headers: ['host', 'up.test', 'x-a', '\u{10a}\u{10d}'] }],
    ['a name with a colon', { headers: ['host', 'up.test', 'x-a: b', 'c'] }],
    ['an empty name', { headers: ['host', 'up.test', '', 'c'] }],
    ['a length of its own', { headers: ['host', 'up.test', 'Content-Length', '5'] }],
    ['a coding of its own', { headers: ['host', 'up.test', 'transfer-encoding', 'chunked'] }],
    ['an upgrade', { headers: ['host', 'up.test', 'upgrade', 'h2c'] }],
    ['a connection option', { headers: ['host', 'up.test', 'connection', 'close'] }],
    ['no host', { headers: ['x-a', 'b'] }],
    ['two hosts', { headers: ['host', 'up.test', 'Host', 'other.test'] }],
    ['a target with a line end', { target: '/a\r\nx: y' }],
    ['a target with a blank', { target: '/a b' }],
    ['an absolute target', { target: 'http://up.test/' }],
    ['an empty target', { target: '' }],
    ['a method with a blank', { method: 'GET /x' }],
    ['CONNECT', { method: 'CONNECT' }],
  ])('is not written with %s', (_what, change) => {
    expect(() => requestHead({ ...base, ...change }, none)).toThrow(InvalidRequest);
  });
});
