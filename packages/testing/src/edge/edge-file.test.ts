import { describe, expect, it } from 'vitest';
import { edgeBytes, edgeFiles, parseEdgeFile } from './edge-file.ts';

const COMMENTS = '# One thing.\n# And more of it.\n# expect: 100, 200\n# upstream: GET /a?b at 12\n';
const fileOf = (request: string) => parseEdgeFile('a.http', `${COMMENTS}---\n${request}`);
const bytesOf = (request: string) => edgeBytes(fileOf(request), { key: 'k' }).toString('latin1');

describe('a file of the corpus', () => {
  it('says what it is, what must be answered and what the upstream gets', () => {
    expect(fileOf('GET / HTTP/1.1\n')).toMatchObject({
      what: 'One thing. And more of it.',
      statuses: [100, 200],
      closes: false,
      calls: [{ method: 'GET', target: '/a?b', chargedNanoUsd: 12n }],
    });
    const closed = parseEdgeFile('a.http', '# A.\n# expect: closed\n# upstream: none\n---\n');
    expect(closed).toMatchObject({ statuses: [], closes: true, calls: [] });
  });

  it.each([
    ['no rule', '# A.\n# expect: 200\n# upstream: none\n'],
    ['no words', '# expect: 200\n# upstream: none\n---\n'],
    ['no expectation', '# A.\n# upstream: none\n---\n'],
    ['two expectations', '# A.\n# expect: 200\n# expect: 400\n# upstream: none\n---\n'],
    ['no status', '# A.\n# expect: fine\n# upstream: none\n---\n'],
    ['no word about the upstream', '# A.\n# expect: 200\n---\n'],
    ['a call without a price', '# A.\n# expect: 200\n# upstream: GET /a\n---\n'],
    ['a line that is no comment', '# A.\nexpect: 200\n# upstream: none\n---\n'],
  ])('with %s is refused by its name', (_name, text) => {
    expect(() => parseEdgeFile('a.http', text)).toThrow('a.http: ');
  });

  it('is sent with CRLF in head and body, without its last line feed', () => {
    expect(bytesOf('GET / HTTP/1.1\nA: b\n')).toBe('GET / HTTP/1.1\r\nA: b\r\n\r\n');
    expect(bytesOf('POST / HTTP/1.1\nA: b\n\nc\nd\n')).toBe('POST / HTTP/1.1\r\nA: b\r\n\r\nc\r\nd');
  });

  it('has its placeholders filled in byte by byte', () => {
    const head = 'GET / HTTP/1.1\nA: {{lf}}{{cr}}{{hex:00ff}}{{repeat:3:ab}}{{key}}\nL: {{length}}\n\n';
    const expected = 'GET / HTTP/1.1\r\nA: \n\r\0\xffababab' + 'k\r\nL: 3\r\n\r\n\xc3\xa9\n';
    expect(bytesOf(`${head}é{{lf}}\n`)).toBe(expected);
    expect(() => bytesOf('{{nobody}}')).toThrow('nobody knows the placeholder nobody');
  });

  it('can be read, every one', () => {
    const names = edgeFiles().map(({ name }) => name);
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name) => !/^[a-z0-9-]+\.http$/.test(name))).toEqual([]);
  });
});
