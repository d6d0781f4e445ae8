import { describe, expect, it } from 'vitest';
import { takeAnswers } from './raw-answers.ts';

const taken = (text: string, isClosed = false, isHead = (_index: number) => false) => {
  const { answers, rest } = takeAnswers(Buffer.from(text, 'latin1'), isClosed, isHead);
  return [answers.map(({ status, body }) => [status, body.toString()]), rest.toString()];
};
const OK = 'HTTP/1.1 200 OK\r\n';

describe('answers on a connection', () => {
  it('are taken by length, in chunks and until the end', () => {
    const text = `${OK}Content-Length: 2\r\n\r\nab${OK}transfer-encoding: chunked\r\n\r\n1\r\nc\r\n2\r\nde\r\n0\r\n\r\n${OK}\r\nf`;
    expect(taken(text, true)).toEqual([
      [
        [200, 'ab'],
        [200, 'cde'],
        [200, 'f'],
      ],
      '',
    ]);
    expect(taken(text)).toEqual([
      [
        [200, 'ab'],
        [200, 'cde'],
      ],
      `${OK}\r\nf`,
    ]);
  });

  it('have no body where there is none', () => {
    const text = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n${OK}content-length: 9\r\n\r\nHTTP/1.1 304 Same\r\n\r\n`;
    const isHead = (index: number) => index === 1;
    expect(taken(text, false, isHead)[0]).toEqual([
      [100, ''],
      [204, ''],
      [200, ''],
      [304, ''],
    ]);
  });

  it('wait for the rest of themselves', () => {
    const text = `${OK}transfer-encoding: chunked\r\n\r\n1\r\nc\r\n0\r\n\r\n`;
    for (let end = 0; end < text.length; end++) expect(taken(text.slice(0, end))).toEqual([[], text.slice(0, end)]);
  });

  it('are nothing else', () => {
    expect(() => taken('SSH-2.0-x\r\n\r\n')).toThrow('no answer begins with "SSH-2.0-x"');
  });
});
