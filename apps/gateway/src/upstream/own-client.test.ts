import { afterEach, describe, expect, it } from 'vitest';
import { createOwnClient } from './own-client.ts';
import type { UpstreamClient } from './upstream.ts';
import { ask, deferred, serveWire, until, type Wire } from './wire-harness.ts';

const HELLO = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nhello';
const opened: (Wire | UpstreamClient)[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function stage(onRequest: Parameters<typeof serveWire>[0], connectionsMax?: number) {
  const wire = await serveWire(onRequest);
  const client = createOwnClient({ allow: [wire.host], ...(connectionsMax === undefined ? {} : { connectionsMax }) });
  opened.push(wire, client);
  return { wire, client };
}

async function* parts(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

describe('what is written', () => {
  it.each([
    ['GET', null, 'GET / HTTP/1.1\r\nhost: {host}\r\nx-a: b\r\n\r\n'],
    ['POST', null, 'POST / HTTP/1.1\r\nhost: {host}\r\nx-a: b\r\ncontent-length: 0\r\n\r\n'],
    ['POST', 'caf\xe9', 'POST / HTTP/1.1\r\nhost: {host}\r\nx-a: b\r\ncontent-length: 4\r\n\r\ncaf\xe9'],
    ['PUT', '', 'PUT / HTTP/1.1\r\nhost: {host}\r\nx-a: b\r\ncontent-length: 0\r\n\r\n'],
  ])('%s with the body %j, byte for byte', async (method, text, expected) => {
    const { wire, client } = await stage((socket) => socket.write(HELLO));
    const body = text === null ? null : Buffer.from(text, 'latin1');
    const headers = ['host', wire.host, 'x-a', 'b'];
    const heard = await ask(client, wire.origin, { method, headers, body }).done;
    expect(heard).toMatchObject({ status: 200, body: 'hello', ended: true });
    expect(wire.connections[0]?.received).toBe(expected.replace('{host}', wire.host));
  });

  it('a large buffered body, after its head', async () => {
    const { wire, client } = await stage((socket) => socket.write(HELLO));
    const body = Buffer.alloc(3_000_000, 'x');
    expect(await ask(client, wire.origin, { method: 'POST', body }).done).toMatchObject({ body: 'hello' });
    const received = wire.connections[0]?.received ?? '';
    expect(received.slice(received.indexOf('\r\n\r\n') + 4) === body.toString('latin1')).toBe(true);
  });

  it('a streamed body in chunks, or by its length where that is known', async () => {
    const { wire, client } = await stage(() => undefined);
    const chunked = ask(client, wire.origin, { method: 'POST', body: parts('ab', '', 'c'.repeat(20)) });
    await until(() => wire.connections[0]?.received.endsWith('0\r\n\r\n') ?? false);
    wire.connections[0]?.socket.write(HELLO);
    expect((await chunked.done).ended).toBe(true);
    const body = `2\r\nab\r\n14\r\n${'c'.repeat(20)}\r\n0\r\n\r\n`;
    expect(wire.connections[0]?.received).toContain(`\r\ntransfer-encoding: chunked\r\n\r\n${body}`);
    const { wire: other, client: second } = await stage((socket) => socket.write(HELLO));
    const known = ask(second, other.origin, { method: 'POST', body: parts('ab', 'c'), bodyBytes: 3 });
    expect((await known.done).ended).toBe(true);
    expect(other.connections[0]?.received).toMatch(/\r\ncontent-length: 3\r\n\r\nabc$/);
  });

  it.each([
    ['longer', 2],
    ['shorter', 4],
  ])(
    'never a streamed body that is %s than announced: the connection ends, and the fault is the request’s',
    async (_what, bodyBytes) => {
      const { wire, client } = await stage(() => undefined);
      const heard = await ask(client, wire.origin, { method: 'POST', body: parts('abc'), bodyBytes }).done;
      expect(heard.failure).toMatchObject({ kind: 'failed', phase: 'first-byte', fault: 'request' });
      await until(() => wire.connections[0]?.closed === true);
      const body = wire.connections[0]?.received.split('\r\n\r\n')[1] ?? '';
      expect(body.length).toBeLessThan(bodyBytes);
    },
  );

  it('nothing of a request that would end a line early', async () => {
    const { wire, client } = await stage((socket) => socket.write(HELLO));
    const headers = ['host', wire.host, 'x-a', 'b\r\nx-b: c'];
    const asked = ask(client, wire.origin, { headers });
    expect(asked.heard.failure).toBeNull();
    expect((await asked.done).failure).toMatchObject({ kind: 'failed', phase: 'connect', fault: 'request' });
    expect(wire.connections).toHaveLength(0);
  });
});

describe('answers on one connection', () => {
  it.each([
    ['GET', HELLO, 200, 'hello'],
    ['HEAD', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n', 200, ''],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n', 204, ''],
    ['GET', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n', 304, ''],
    ['GET', `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${HELLO}`, 200, 'hello'],
    ['GET', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx: y\r\n\r\n', 200, 'hello'],
  ])('follow each other after %s %j', async (method, answer, status, body) => {
    const { wire, client } = await stage((socket, request) =>
      socket.write(request.startsWith(method) ? answer : HELLO),
    );
    for (let round = 0; round < 3; round += 1) {
      expect(await ask(client, wire.origin, { method }).done).toMatchObject({
        status,
        body,
        ended: true,
        failure: null,
      });
    }
    expect(await ask(client, wire.origin, { method: 'POST' }).done).toMatchObject({ body: 'hello' });
    expect(wire.connections).toHaveLength(1);
  });

  it('one at a time: calls that run together have connections of their own, up to the limit', async () => {
    const waiting: (() => void)[] = [];
    const { wire, client } = await stage((socket) => void waiting.push(() => socket.write(HELLO)), 2);
    const all = Array.from({ length: 5 }, () => ask(client, wire.origin));
    for (let answered = 0; answered < 5; answered += 1) {
      await until(() => waiting.length > 0);
      expect(waiting.length).toBeLessThanOrEqual(2);
      waiting.shift()?.();
    }
    for (const { done } of all) expect(await done).toMatchObject({ body: 'hello' });
    expect(wire.connections).toHaveLength(2);
    expect(wire.connections.map(({ received }) => received.match(/GET/g)?.length ?? 0).reduce((a, b) => a + b)).toBe(5);
  });

  it('an answer until the connection ends is whole when it ends, and the next call has a new connection', async () => {
    const { wire, client } = await stage((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nhello'));
    expect(await ask(client, wire.origin).done).toMatchObject({ body: 'hello', ended: true });
    expect(await ask(client, wire.origin).done).toMatchObject({ body: 'hello', ended: true });
    expect(wire.connections).toHaveLength(2);
  });

  it('an answer before the body was sent is told, and the connection ends with it', async () => {
    const { wire, client } = await stage((socket) =>
      socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n'),
    );
    const gate = deferred<void>();
    let left = 3;
    async function* body() {
      yield Buffer.from('first');
      await gate.promise;
      while (left > 0) {
        left -= 1;
        yield Buffer.from('more');
      }
    }
    const heard = await ask(client, wire.origin, { method: 'POST', body: body() }).done;
    expect(heard).toMatchObject({ status: 413, ended: true });
    await until(() => wire.connections[0]?.closed === true);
    gate.resolve(undefined);
    await until(() => left === 0);
    expect(wire.connections[0]?.received).not.toContain('more');
  });

  it('an answer before a buffered body has left the process ends the connection too', async () => {
    const { wire, client } = await stage(() => undefined);
    const asked = ask(client, wire.origin, { method: 'POST', body: Buffer.alloc(64 * 1024 * 1024) });
    await until(() => (wire.connections[0]?.received ?? '') !== '');
    wire.connections[0]?.socket.pause();
    wire.connections[0]?.socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n');
    expect(await asked.done).toMatchObject({ status: 413, ended: true });
    ask(client, wire.origin);
    await until(() => wire.connections[1]?.received.startsWith('GET / ') === true);
    wire.connections[0]?.socket.resume();
    await until(() => wire.connections[0]?.closed === true);
  });

  it.each([
    [
      'a coding and a length',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n0\r\n\r\n',
      'first-byte',
    ],
    ['a bad chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', 'body'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n', 'first-byte'],
  ])('with %s is an upstream failure, and its connection ends', async (_what, answer, phase) => {
    const { wire, client } = await stage((socket) => socket.write(answer));
    const heard = await ask(client, wire.origin).done;
    expect(heard).toMatchObject({ ended: false, failure: { kind: 'failed', phase, fault: 'upstream' } });
    expect(String(heard.failure?.cause)).toMatch(/malformed/);
    await until(() => wire.connections[0]?.closed === true);
  });
});
