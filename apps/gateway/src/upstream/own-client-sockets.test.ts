import { EgressRefused } from '@tollwright/egress';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createOwnClient } from './own-client.ts';
import type { UpstreamClient } from './upstream.ts';
import { ask, serveWire, until, type Wire } from './wire-harness.ts';

const HELLO = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello';
const opened: (Wire | UpstreamClient)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function stage(onRequest: Parameters<typeof serveWire>[0]) {
  const wire = await serveWire(onRequest);
  const client = createOwnClient({ allow: [wire.host] });
  opened.push(wire, client);
  return { wire, client };
}

/** Moves the clock of the pool on, without waiting. */
function passes(ms: number): void {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
}

describe('a resting connection', () => {
  it('that the server closed is not used again', async () => {
    const { wire, client } = await stage((socket) => socket.write(HELLO));
    await ask(client, wire.origin).done;
    wire.connections[0]?.socket.end();
    await until(() => wire.connections[0]?.closed === true);
    expect(await ask(client, wire.origin).done).toMatchObject({ body: 'hello', failure: null });
    expect(wire.connections.map(({ received }) => received.match(/GET/g)?.length)).toEqual([1, 1]);
  });

  it('that the server reset is not used again', async () => {
    const { wire, client } = await stage((socket) => socket.write(HELLO));
    await ask(client, wire.origin).done;
    wire.connections[0]?.socket.resetAndDestroy();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await ask(client, wire.origin).done).toMatchObject({ body: 'hello', failure: null });
    expect(wire.connections).toHaveLength(2);
  });

  it.each([
    ['no hint', '', 3_900, 4_050],
    ['a hint of 3 s', 'keep-alive: timeout=3\r\n', 1_900, 2_050],
    ['a hint of 20 s', 'Keep-Alive: max=100, timeout=20\r\n', 18_900, 19_050],
    ['a hint of an hour', 'keep-alive: timeout=3600\r\n', 59_000, 60_050],
  ])('is used until less than the server keeps it: %s', async (_what, hint, usedAfterMs, goneAfterMs) => {
    const answer = `HTTP/1.1 200 OK\r\n${hint}content-length: 0\r\n\r\n`;
    for (const [afterMs, connections] of [
      [usedAfterMs, 1],
      [goneAfterMs, 2],
    ] as const) {
      const { wire, client } = await stage((socket) => socket.write(answer));
      await ask(client, wire.origin).done;
      passes(afterMs);
      expect((await ask(client, wire.origin).done).ended).toBe(true);
      expect(wire.connections).toHaveLength(connections);
      vi.restoreAllMocks();
    }
  });

  it('is closed when its time is over, though nobody asks for it', async () => {
    const { wire, client } = await stage((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nkeep-alive: timeout=2\r\ncontent-length: 0\r\n\r\n'),
    );
    await ask(client, wire.origin).done;
    expect(wire.connections[0]?.closed).toBe(false);
    passes(1_000);
    await until(() => wire.connections[0]?.closed === true);
  });

  it.each([
    ['connection: close', 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'],
    ['a hint of no time', 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=0\r\ncontent-length: 0\r\n\r\n'],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['bytes after the answer', `${HELLO}\r\n`],
    ['a second answer nobody asked for', `${HELLO}${HELLO}`],
  ])('never comes of %s', async (_what, answer) => {
    const { wire, client } = await stage((socket) => socket.write(answer));
    expect((await ask(client, wire.origin).done).ended).toBe(true);
    await until(() => wire.connections[0]?.closed === true);
    expect(await ask(client, wire.origin).done).toMatchObject({ ended: true, failure: null });
    expect(wire.connections).toHaveLength(2);
  });

  it('that brings bytes nobody asked for is closed, and they are nobody’s answer', async () => {
    const { wire, client } = await stage((socket) => socket.write(HELLO));
    await ask(client, wire.origin).done;
    wire.connections[0]?.socket.write('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison');
    await until(() => wire.connections[0]?.closed === true);
    expect(await ask(client, wire.origin).done).toMatchObject({ body: 'hello' });
  });

  it('is the one that rested shortest', async () => {
    const { wire, client } = await stage((socket) => setTimeout(() => socket.write(HELLO), 5));
    const [first, second] = [ask(client, wire.origin), ask(client, wire.origin)];
    await first.done;
    await second.done;
    for (let round = 0; round < 4; round += 1) await ask(client, wire.origin).done;
    const calls = wire.connections.map(({ received }) => received.match(/GET/g)?.length ?? 0);
    expect(calls.sort()).toEqual([1, 5]);
  });
});

describe('a connection that turns out to be dead', () => {
  it('after the request was written fails the call: nothing is sent twice', async () => {
    let calls = 0;
    const { wire, client } = await stage((socket) => {
      calls += 1;
      if (calls === 1) socket.write(HELLO);
      else socket.destroy();
    });
    await ask(client, wire.origin).done;
    const heard = await ask(client, wire.origin, { method: 'POST', body: Buffer.from('pay') }).done;
    expect(heard.failure).toMatchObject({ kind: 'failed', phase: 'first-byte', fault: 'upstream' });
    expect([calls, wire.connections.length]).toEqual([2, 1]);
    expect((await ask(client, wire.origin).done).failure).toMatchObject({ phase: 'first-byte' });
    expect(wire.connections).toHaveLength(2);
  });
});

describe('a connection that cannot be made', () => {
  it('fails the call before a byte of it was written', async () => {
    const wire = await serveWire(() => undefined);
    const client = createOwnClient({ allow: [wire.host] });
    opened.push(client);
    await wire.close();
    const heard = await ask(client, wire.origin).done;
    expect(heard.failure).toMatchObject({ kind: 'failed', phase: 'connect', cause: { code: 'ECONNREFUSED' } });
  });

  it.each(['http://10.0.0.1', 'http://169.254.169.254', 'http://[::1]:9', 'https://private.test', 'http://mixed.test'])(
    'is not even tried to %s',
    async (origin) => {
      const client = createOwnClient({
        allow: [],
        resolve: async (name) => [
          ...(name === 'mixed.test' ? [{ address: '8.8.8.8', family: 4 }] : []),
          { address: '192.168.0.1', family: 4 },
        ],
      });
      opened.push(client);
      const heard = await ask(client, origin).done;
      expect(heard.failure).toMatchObject({ kind: 'failed', phase: 'connect' });
      expect(heard.failure?.cause).toBeInstanceOf(EgressRefused);
    },
  );
});
