import { afterEach, describe, expect, it } from 'vitest';
import { createOwnClient } from './own-client.ts';
import type { UpstreamClient } from './upstream.ts';
import { type Asking, ask, serveWire, until, type Wire } from './wire-harness.ts';

const HELLO = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello';
const BEGUN = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n';
const opened: (Wire | UpstreamClient)[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function stage(onRequest: Parameters<typeof serveWire>[0], connectionsMax = 8) {
  const wire = await serveWire(onRequest);
  const client = createOwnClient({ allow: [wire.host], connectionsMax });
  opened.push(wire, client);
  return { wire, client };
}

/** A client for which no name ever resolves. */
function neverConnects(): UpstreamClient {
  const client = createOwnClient({ allow: ['localhost:9'], resolve: () => new Promise(() => undefined) });
  opened.push(client);
  return client;
}

describe('a deadline', () => {
  it.each<[phase: string, answer: string | null, timeouts: NonNullable<Asking['timeouts']>]>([
    ['first-byte', '', { firstByteTimeoutMs: 800 }],
    ['first-byte', '', { totalTimeoutMs: 800 }],
    ['first-byte', 'HTTP/1.1 200 OK\r\n', { firstByteTimeoutMs: 800 }],
    ['first-byte', 'HTTP/1.1 100 Continue\r\n\r\n', { firstByteTimeoutMs: 800 }],
    ['body', BEGUN, { idleTimeoutMs: 800 }],
    ['body', BEGUN, { totalTimeoutMs: 800 }],
  ])('ends a call that waits at %s after %j with %j, and its connection', async (phase, answer, timeouts) => {
    const { wire, client } = await stage((socket) => socket.write(answer ?? ''));
    const begun = performance.now();
    const heard = await ask(client, wire.origin, { timeouts }).done;
    expect(performance.now() - begun).toBeGreaterThanOrEqual(799);
    expect(heard.failure).toMatchObject({ kind: 'timeout', phase });
    await until(() => wire.connections[0]?.closed === true);
  });

  it.each([{ connectTimeoutMs: 800 }, { totalTimeoutMs: 800 }])(
    'ends a call that waits for a connection: %j',
    async (timeouts) => {
      const begun = performance.now();
      const heard = await ask(neverConnects(), 'http://localhost:9', { timeouts }).done;
      expect(performance.now() - begun).toBeGreaterThanOrEqual(799);
      expect(heard.failure).toMatchObject({ kind: 'timeout', phase: 'connect' });
    },
  );

  it('for the connection ends a call that waits in line, and those behind it still get theirs', async () => {
    const { wire, client } = await stage(() => undefined, 1);
    const first = ask(client, wire.origin);
    const second = ask(client, wire.origin, { timeouts: { connectTimeoutMs: 100 } });
    const third = ask(client, wire.origin);
    expect((await second.done).failure).toMatchObject({ kind: 'timeout', phase: 'connect' });
    wire.connections[0]?.socket.write(HELLO);
    await first.done;
    await until(() => wire.connections[0]?.received.match(/GET/g)?.length === 2);
    wire.connections[0]?.socket.write(HELLO);
    expect(await third.done).toMatchObject({ body: 'hello' });
    expect(wire.connections).toHaveLength(1);
  });

  it('for idleness begins anew with each byte', async () => {
    const { wire, client } = await stage((socket) => {
      socket.write(BEGUN);
      let left = 6;
      const timer = setInterval(() => {
        left -= 1;
        socket.write(left === 0 ? '0\r\n\r\n' : '1\r\n.\r\n');
        if (left === 0) clearInterval(timer);
      }, 400);
    });
    expect(await ask(client, wire.origin, { timeouts: { idleTimeoutMs: 2_000 } }).done).toMatchObject({ ended: true });
  });

  it('for the first byte begins anew while a body is on its way', async () => {
    const { wire, client } = await stage(() => undefined);
    async function* slowly() {
      for (let part = 0; part < 6; part += 1) {
        await new Promise((resolve) => setTimeout(resolve, 400));
        yield Buffer.from('part');
      }
    }
    const asked = ask(client, wire.origin, { method: 'POST', body: slowly(), timeouts: { firstByteTimeoutMs: 2_000 } });
    await until(() => wire.connections[0]?.received.endsWith('0\r\n\r\n') === true);
    wire.connections[0]?.socket.write(HELLO);
    expect(await asked.done).toMatchObject({ ended: true, failure: null });
  });
});

describe('a caller who gives up', () => {
  it.each([
    ['first-byte', ''],
    ['body', BEGUN],
  ])('at %s ends the connection, so that the upstream can stop', async (phase, answer) => {
    const { wire, client } = await stage((socket) => socket.write(answer));
    const asked = ask(client, wire.origin);
    await until(() => wire.connections[0]?.received !== undefined && wire.connections[0].received !== '');
    if (phase === 'body') await until(() => asked.heard.body === 'hello');
    asked.exchange.abort();
    asked.exchange.abort();
    expect(asked.heard.failure).toMatchObject({ kind: 'aborted', phase });
    await until(() => wire.connections[0]?.closed === true);
  });

  it('while he waits in line takes nobody’s connection', async () => {
    const { wire, client } = await stage(() => undefined, 1);
    const first = ask(client, wire.origin);
    const second = ask(client, wire.origin);
    second.exchange.abort();
    expect(second.heard.failure).toMatchObject({ kind: 'aborted', phase: 'connect' });
    await until(() => (wire.connections[0]?.received ?? '') !== '');
    wire.connections[0]?.socket.write(HELLO);
    expect(await first.done).toMatchObject({ body: 'hello' });
    expect(wire.connections[0]?.received.match(/GET/g)).toHaveLength(1);
  });

  it('in the middle of a chunk hears no more of it', async () => {
    const { wire, client } = await stage((socket) => socket.write(`${BEGUN}5\r\nworld\r\n0\r\n\r\n`));
    const asked = ask(client, wire.origin, { onData: (_chunk, exchange) => exchange.abort() });
    expect(await asked.done).toMatchObject({ body: 'hello', ended: false, failure: { kind: 'aborted' } });
  });

  it('after the end changes nothing, and the connection stays', async () => {
    const { wire, client } = await stage((socket) => socket.write(HELLO));
    const asked = ask(client, wire.origin);
    await asked.done;
    asked.exchange.abort();
    expect(asked.heard).toMatchObject({ ended: true, failure: null });
    await ask(client, wire.origin).done;
    expect(wire.connections).toHaveLength(1);
  });

  it('in his body breaks the call off, by his own fault', async () => {
    const { wire, client } = await stage(() => undefined);
    async function* breaks() {
      yield Buffer.from('half');
      throw new Error('the caller has gone');
    }
    const heard = await ask(client, wire.origin, { method: 'POST', body: breaks() }).done;
    expect(heard.failure).toMatchObject({ kind: 'failed', phase: 'first-byte', fault: 'request' });
    await until(() => wire.connections[0]?.closed === true);
    expect(wire.connections[0]?.received).not.toContain('0\r\n\r\n');
  });
});

describe('an upstream that gives up', () => {
  it.each<[string, string, string]>([
    ['before it answered', '', 'first-byte'],
    ['within the head', 'HTTP/1.1 200 OK\r\ncont', 'first-byte'],
    ['within a body', BEGUN, 'body'],
  ])('%s fails the call, by a close or a reset', async (_what, answer, phase) => {
    for (const end of ['end', 'resetAndDestroy'] as const) {
      const { wire, client } = await stage((socket) => {
        socket.write(answer, () => setImmediate(() => socket[end]()));
      });
      const heard = await ask(client, wire.origin).done;
      expect(heard.failure).toMatchObject({ kind: 'failed', fault: 'upstream' });
      if (end === 'end') expect(heard.failure).toMatchObject({ phase });
    }
  });

  it('while a body is still being sent fails the call, and the rest of the body is read and dropped', async () => {
    const { wire, client } = await stage(() => undefined);
    let drawn = 0;
    async function* body() {
      for (; drawn < 20; drawn += 1) {
        yield Buffer.alloc(1_000);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    const asked = ask(client, wire.origin, { method: 'POST', body: body() });
    await until(() => (wire.connections[0]?.received.length ?? 0) > 1_000);
    wire.connections[0]?.socket.resetAndDestroy();
    expect((await asked.done).failure).toMatchObject({ kind: 'failed', phase: 'first-byte', fault: 'upstream' });
    await until(() => drawn === 20);
  });
});

describe('a client that is closed', () => {
  it('fails what waits and what runs, ends resting connections, and sends nothing more', async () => {
    let calls = 0;
    const { wire, client } = await stage((socket) => {
      calls += 1;
      if (calls === 1) socket.write(HELLO);
    }, 2);
    await ask(client, wire.origin).done;
    const running = [ask(client, wire.origin), ask(client, wire.origin), ask(client, wire.origin)];
    await until(() => wire.connections.length === 2);
    await client.close();
    for (const { done } of running) expect((await done).failure).toMatchObject({ kind: 'failed' });
    await until(() => wire.connections.every(({ closed }) => closed));
    const late = await ask(client, wire.origin).done;
    expect(late.failure).toMatchObject({ kind: 'failed', phase: 'connect' });
    expect(wire.connections).toHaveLength(2);
  });
});
