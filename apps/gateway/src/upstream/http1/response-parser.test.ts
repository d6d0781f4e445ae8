import { describe, expect, it } from 'vitest';
import { DROPPED_BYTES_MAX } from './chunked-body.ts';
import { bytesOf, parse, type Told } from './parse-harness.ts';
import { FIELDS_MAX } from './response-head.ts';
import { HEAD_BYTES_MAX, INFORMATIONAL_MAX, ResponseParser } from './response-parser.ts';

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`;
const whole = (text: string, options = {}) => parse([bytesOf(text)], options);

const ACCEPTED: readonly [what: string, text: string, told: Partial<Told>, options?: object][] = [
  ['a length', `${ok}Content-Length: 5\r\n\r\nhello`, { status: 200, body: 'hello', framing: 'length' }],
  ['a length of nothing', `${ok}content-length: 0\r\n\r\n`, { body: '', framing: 'none' }],
  ['chunks', `${chunked}5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n`, { body: 'hello!', framing: 'chunked' }],
  ['a chunk size with zeros before it', `${chunked}00000005\r\nhello\r\n0\r\n\r\n`, { body: 'hello' }],
  [
    'chunk sizes in either case',
    `${chunked}0a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n`,
    { body: '01234567890123456789' },
  ],
  ['chunk extensions, which are dropped', `${chunked}5;a=b; c="d"\r\nhello\r\n0;last\r\n\r\n`, { body: 'hello' }],
  ['trailers, which are dropped', `${chunked}5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-More:\r\n\r\n`, { body: 'hello' }],
  ['the end of the connection', `${ok}\r\nhello`, { body: 'hello', framing: 'until-close' }, { closes: true }],
  [
    '1xx before it',
    `HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\nHTTP/1.1 100\r\n\r\n${ok}content-length: 1\r\n\r\n.`,
    { status: 200, body: '.' },
  ],
  [
    'no body at 204',
    'HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n',
    { status: 204, body: '', framing: 'none' },
  ],
  [
    'no body at 304',
    'HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n',
    { status: 304, body: '', framing: 'none' },
  ],
  ['no body after HEAD', `${ok}content-length: 5\r\n\r\n`, { body: '', framing: 'none' }, { method: 'HEAD' }],
  ['no body after HEAD in chunks', chunked, { body: '', framing: 'none' }, { method: 'HEAD' }],
  ['a status line without a reason', 'HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n', { status: 200 }],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nhi', { body: 'hi' }],
  [
    'bytes above ASCII in a value',
    `${ok}x-name: caf\xe9\r\ncontent-length: 0\r\n\r\n`,
    { headers: { 'x-name': 'caf\xe9', 'content-length': '0' } },
  ],
  [
    'blanks around a value',
    `${ok}x-a:\t b c \t\r\nx-empty:\r\ncontent-length: 0\r\n\r\n`,
    { headers: { 'x-a': 'b c', 'x-empty': '', 'content-length': '0' } },
  ],
];

const REFUSED: readonly [what: string, text: string, because: RegExp, options?: object][] = [
  ['another coding than chunked', `${ok}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, /not chunked/],
  ['identity as a coding', `${ok}transfer-encoding: identity\r\n\r\n`, /not chunked/],
  ['chunked twice', `${ok}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n`, /not chunked/],
  ['a coding that only looks like chunked', `${ok}transfer-encoding: xchunked\r\n\r\n`, /not chunked/],
  ['a coding and a length', `${ok}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n`, /both/],
  ['a length and a coding', `${ok}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n`, /both/],
  ['a coding and a length after HEAD', `${chunked.slice(0, -2)}content-length: 5\r\n\r\n`, /both/, { method: 'HEAD' }],
  ['a coding under HTTP/1.0', 'HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', /HTTP\/1\.0/],
  ['two lengths that differ', `${ok}content-length: 5\r\ncontent-length: 6\r\n\r\n`, /two content-length/],
  ['two lengths that agree', `${ok}content-length: 5\r\nContent-Length: 5\r\n\r\n`, /two content-length/],
  ['a list of lengths', `${ok}content-length: 5, 5\r\n\r\n`, /no number/],
  ['a signed length', `${ok}content-length: +5\r\n\r\n`, /no number/],
  ['a negative length', `${ok}content-length: -1\r\n\r\n`, /no number/],
  ['a hexadecimal length', `${ok}content-length: 0x5\r\n\r\n`, /no number/],
  ['an empty length', `${ok}content-length: \r\n\r\n`, /no number/],
  ['a length beyond all integers', `${ok}content-length: 9999999999999999\r\n\r\n`, /no number/],
  ['a bare LF after the status line', 'HTTP/1.1 200 OK\ncontent-length: 0\r\n\r\n', /./],
  ['bare LFs all over', 'HTTP/1.1 200 OK\ncontent-length: 0\n\n', /carriage return/],
  ['a bare LF between headers', `${ok}a: b\ncontent-length: 0\r\n\r\n`, /control byte|carriage/],
  ['a bare CR in a value', `${ok}a: b\rc\r\n\r\n`, /control byte/],
  ['a folded line', `${ok}a: b\r\n c\r\n\r\n`, /folded|colon/],
  ['a folded line with a colon', `${ok}a: b\r\n\tc: d\r\n\r\n`, /folded/],
  ['a blank before the colon', `${ok}content-length : 5\r\n\r\n`, /no token/],
  ['a header without a name', `${ok}: 5\r\n\r\n`, /no token/],
  ['a line without a colon', `${ok}content-length\r\n\r\n`, /no colon/],
  ['a NUL in a value', `${ok}a: b\0c\r\n\r\n`, /control byte/],
  ['a NUL in a name', `${ok}a\0: b\r\n\r\n`, /no token/],
  ['a control byte in a value', `${ok}a: \x01\r\n\r\n`, /control byte/],
  ['DEL in a value', `${ok}a: \x7f\r\n\r\n`, /control byte/],
  ['a NUL in the status line', 'HTTP/1.1 200 O\0K\r\n\r\n', /status line/],
  ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n', /not HTTP/],
  ['HTTP/2', 'HTTP/2 200\r\n\r\n', /not HTTP|status line/],
  ['HTTP/1.2', 'HTTP/1.2 200 OK\r\n\r\n', /status line/],
  ['a status of two digits', 'HTTP/1.1 99 No\r\n\r\n', /status line/],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n', /status line/],
  ['two blanks before the status', 'HTTP/1.1  200 OK\r\n\r\n', /status line/],
  ['an empty line before the status line', `\r\n${ok}\r\n`, /not HTTP|status line/],
  ['a protocol switch', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', /switches/],
  ['1xx without end', `HTTP/1.1 100\r\n\r\n`.repeat(INFORMATIONAL_MAX + 1), /too many 1xx/],
  ['a chunk without a size', `${chunked}\r\nhello\r\n`, /no size/],
  ['a chunk of a negative size', `${chunked}-5\r\nhello\r\n`, /no size/],
  ['a chunk size with 0x', `${chunked}0x5\r\nhello\r\n`, /hexadecimal/],
  ['a chunk size that is no number', `${chunked}g\r\n`, /no size/],
  ['a chunk size with a blank', `${chunked}5 \r\nhello\r\n`, /hexadecimal/],
  ['a chunk size beyond 32 bits', `${chunked}100000000\r\n`, /too long/],
  ['a chunk size line with a bare LF', `${chunked}5\nhello\r\n`, /hexadecimal/],
  ['a chunk size line with a bare CR', `${chunked}5\rhello`, /line end/],
  ['a chunk longer than it says', `${chunked}4\r\nhello\r\n0\r\n\r\n`, /line end/],
  ['a chunk that ends with a bare LF', `${chunked}5\r\nhello\n0\r\n\r\n`, /line end/],
  ['a bare LF in an extension', `${chunked}5;a\nhello`, /control byte/],
  ['a trailer with a bare LF', `${chunked}0\r\na: b\n\r\n`, /carriage return/],
  ['a trailer that is no header', `${chunked}0\r\nGET / HTTP/1.1\r\n\r\n`, /colon|token/],
  ['trailers without end', `${chunked}0\r\n${`a: ${'b'.repeat(1000)}\r\n`.repeat(20)}`, /too long/],
  ['extensions without end', `${chunked}5;${'e'.repeat(DROPPED_BYTES_MAX + 1)}`, /too long/],
  ['a head that is too long', `${ok}a: ${'b'.repeat(HEAD_BYTES_MAX)}\r\n\r\n`, /longer than/],
  ['a head without end', `${ok}a: ${'b'.repeat(HEAD_BYTES_MAX + 8)}`, /longer than/],
  ['too many header lines', `${ok}${'a: b\r\n'.repeat(FIELDS_MAX + 1)}\r\n`, /more than 256/],
  ['a connection that ends in the head', ok, /ended before/, { closes: true }],
  [
    'a connection that ends in a body with a length',
    `${ok}content-length: 5\r\n\r\nhell`,
    /ended before/,
    { closes: true },
  ],
  ['a connection that ends in a chunk', `${chunked}5\r\nhell`, /ended before/, { closes: true }],
  ['a connection that ends before the last chunk', `${chunked}5\r\nhello\r\n`, /ended before/, { closes: true }],
  ['a connection that ends in the trailers', `${chunked}0\r\n`, /ended before/, { closes: true }],
];

/** The same answer, cut in two at every byte, or at a hundred places where it is long. */
function* cuts(text: string): Generator<Buffer[]> {
  const bytes = bytesOf(text);
  const step = bytes.length <= 1_000 ? 1 : Math.floor(bytes.length / 100);
  for (let at = 1; at < bytes.length; at += step) yield [bytes.subarray(0, at), bytes.subarray(at)];
}
const byteByByte = (text: string) => Array.from(bytesOf(text), (byte) => Buffer.from([byte]));

describe('an answer', () => {
  it.each(ACCEPTED)('is read: %s', (_what, text, told, options = {}) => {
    const whole = parse([bytesOf(text)], options);
    expect(whole).toMatchObject({ complete: true, excess: false, refusal: null, ...told });
    for (const parts of cuts(text)) expect(parse(parts, options)).toEqual(whole);
    expect(parse(byteByByte(text), options)).toEqual(whole);
  });

  it.each(REFUSED)('is refused: %s', (_what, text, because, options = {}) => {
    const told = whole(text, options);
    expect(told.refusal).toMatch(because);
    expect(told.complete).toBe(false);
    for (const parts of cuts(text))
      expect(parse(parts, options)).toMatchObject({ complete: false, refusal: expect.any(String) });
  });

  it('is refused at once, not when its head ends, when it cannot be HTTP any more', () => {
    expect(whole('HTTP/1.1 200 OK\na: b').refusal).toMatch(/carriage return/);
    expect(whole('HTTQ').refusal).toMatch(/not HTTP/);
  });

  it('of exactly the longest head is read, cut anywhere near its end', () => {
    const fill = HEAD_BYTES_MAX - `${ok}content-length: 0\r\na: `.length;
    const text = `${ok}content-length: 0\r\na: ${'b'.repeat(fill)}\r\n\r\n`;
    expect(whole(text)).toMatchObject({ complete: true, refusal: null });
    const bytes = bytesOf(text);
    for (let at = bytes.length - 8; at < bytes.length; at += 1) {
      expect(parse([bytes.subarray(0, at), bytes.subarray(at)])).toMatchObject({ complete: true, refusal: null });
    }
  });

  it.each([
    ['bytes after a length', `${ok}content-length: 2\r\n\r\nhi!`],
    ['a second answer', `${ok}content-length: 0\r\n\r\n${ok}content-length: 0\r\n\r\n`],
    ['bytes after the last chunk', `${chunked}0\r\n\r\nx`],
    ['a body after HEAD', `${ok}content-length: 2\r\n\r\nhi`, 'HEAD'],
    ['a body at 204', 'HTTP/1.1 204 No Content\r\n\r\nhi'],
  ])('that is followed by %s leaves them over', (_what, text, method = 'GET') => {
    expect(whole(text, { method })).toMatchObject({ complete: true, excess: true, refusal: null });
    for (const parts of cuts(text)) expect(parse(parts, { method })).toMatchObject({ complete: true, excess: true });
  });
});

describe('repeated headers', () => {
  const headersOf = (lines: string) => whole(`${ok}content-length: 0\r\n${lines}\r\n`).headers;

  it('are lists where they are lists, and the first where there is one value', () => {
    expect(headersOf('Set-Cookie: a\r\nset-cookie: b\r\nvary: a\r\nVary: b\r\n')).toMatchObject({
      'set-cookie': ['a', 'b'],
      vary: ['a', 'b'],
    });
    expect(headersOf('content-type: a/b\r\ncontent-type: c/d\r\n')).toMatchObject({ 'content-type': 'a/b' });
    expect(headersOf('connection: x\r\nconnection: y\r\n')).toMatchObject({ connection: 'x, y' });
  });

  it('mean nothing to JavaScript', () => {
    const headers = headersOf('__proto__: a\r\n__proto__: b\r\nconstructor: c\r\ntoString: d\r\n');
    expect(Object.keys(headers)).toContain('constructor');
    expect(({} as Record<string, unknown>).a).toBeUndefined();
    expect(headers).toMatchObject({ constructor: 'c', tostring: 'd' });
  });
});

describe('a paused parser', () => {
  it('tells nothing, and the rest when it goes on, whatever was pushed or ended meanwhile', () => {
    const seen: string[] = [];
    const parser: ResponseParser = new ResponseParser({
      onHead: () => void seen.push('head'),
      onBody(bytes) {
        seen.push(bytes.toString());
        parser.pause();
      },
      onComplete: () => void seen.push('complete'),
    });
    parser.begin('GET');
    parser.push(bytesOf(`${chunked}1\r\na\r\n1\r\nb\r\n0`));
    expect(seen).toEqual(['head', 'a']);
    parser.push(bytesOf('\r\n\r\n'));
    parser.end();
    expect(seen).toEqual(['head', 'a']);
    parser.resume();
    expect(seen).toEqual(['head', 'a', 'b']);
    parser.resume();
    expect(seen).toEqual(['head', 'a', 'b', 'complete']);
    expect(parser.busy).toBe(false);
  });

  it('may be resumed and stopped by who is being told', () => {
    const seen: string[] = [];
    const parser: ResponseParser = new ResponseParser({
      onHead: () => undefined,
      onBody(bytes) {
        seen.push(bytes.toString());
        parser.pause();
        parser.resume();
        if (seen.length === 2) parser.stop();
      },
      onComplete: () => void seen.push('complete'),
    });
    parser.begin('GET');
    parser.push(bytesOf(`${chunked}1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n`));
    expect(seen).toEqual(['a', 'b']);
  });
});
