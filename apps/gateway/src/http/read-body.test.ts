import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { LeanRequest } from './lean-request.ts';
import { hasBody, mediaProblem, pricedBodyProblem, readBody } from './read-body.ts';

/** A request as the server makes it, whose body comes part by part in later turns of the event loop. */
function request(headers: Record<string, string>, parts: readonly string[] = []): LeanRequest {
  const made = new LeanRequest(new Socket());
  Object.assign(made.headers, headers);
  void (async () => {
    for (const part of [...parts.map((text) => Buffer.from(text)), null]) {
      await new Promise((resolve) => setImmediate(resolve));
      made.push(part);
    }
  })();
  return made;
}

describe('the media type of a body that is priced', () => {
  it.each([
    undefined,
    'application/json',
    'Application/JSON; charset=UTF-8',
    'application/json;charset="utf-8"',
    'application/vnd.acme.v2+json',
    'application/json; profile=x',
  ])('%j is read as it is', (type) => {
    expect(mediaProblem(type)).toBeNull();
  });

  it.each([
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/json; charset=utf-7',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json; charset = utf-16',
    'application/json, text/plain',
    'application/jsonx',
  ])('%j could be read as something else', (type) => {
    expect(mediaProblem(type)).toMatchObject({ slug: 'unsupported-media-type' });
  });
});

describe('a body that is priced', () => {
  const problemOf = (method: string, bytes: string | null, type = 'application/json') => {
    const made = Object.assign(request({ 'content-type': type }), { method });
    return pricedBodyProblem(made, bytes === null ? { kind: 'none' } : { kind: 'buffered', bytes: Buffer.from(bytes) });
  };

  it('must be there where the method carries one', () => {
    for (const method of ['POST', 'PUT', 'PATCH']) {
      for (const bytes of [null, '']) expect(problemOf(method, bytes)).toMatchObject({ slug: 'bad-request' });
    }
    expect([problemOf('GET', null), problemOf('DELETE', null), problemOf('GET', '')]).toEqual([null, null, null]);
  });

  it('must be JSON', () => {
    expect(problemOf('POST', '{}')).toBeNull();
    expect(problemOf('GET', '{}', 'text/plain')).toMatchObject({ slug: 'unsupported-media-type' });
  });
});

describe('readBody', () => {
  it('none is announced by neither length nor encoding', () => {
    expect([hasBody(request({})), hasBody(request({ 'content-length': '0' }))]).toEqual([false, false]);
    expect(readBody(request({ 'content-length': '0' }), 10, true)).toEqual({ kind: 'none' });
  });

  it('buffers what is read, also in parts without a length', async () => {
    const body = await readBody(request({ 'transfer-encoding': 'chunked' }, ['{"a"', ':1}']), 10, true);
    expect(body).toEqual({ kind: 'buffered', bytes: Buffer.from('{"a":1}') });
  });

  it('refuses a length above the limit before a byte is read', () => {
    const body = readBody(request({ 'content-length': '11' }), 10, true);
    expect(body).toMatchObject({ problem: { slug: 'body-too-large', members: { limit: 10 } } });
  });

  it('refuses parts that pass the limit', async () => {
    const body = await readBody(request({ 'transfer-encoding': 'chunked' }, ['123456', '78901']), 10, true);
    expect(body).toMatchObject({ problem: { slug: 'body-too-large' } });
  });

  it.each(['gzip', 'identity, gzip', 'br'])('refuses the encoding %s where the body is read', (encoding) => {
    const body = readBody(request({ 'content-length': '5', 'content-encoding': encoding }), 10, true);
    expect(body).toMatchObject({ problem: { slug: 'unsupported-media-type' } });
  });

  it('streams what nobody reads, and cuts it at the limit', async () => {
    const body = await readBody(request({ 'transfer-encoding': 'chunked' }, ['123456', '78901']), 10, false);
    if (body.kind !== 'stream') throw new Error(body.kind);
    const read: string[] = [];
    const all = (async () => {
      for await (const part of body.source) read.push(part.toString());
    })();
    await expect(all).rejects.toThrow('longer than 10 bytes');
    expect(read).toEqual(['123456']);
  });
});
