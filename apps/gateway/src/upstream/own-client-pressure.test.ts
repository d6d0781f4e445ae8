import { afterEach, describe, expect, it } from 'vitest';
import { createOwnClient } from './own-client.ts';
import type { UpstreamClient } from './upstream.ts';
import { ask, serveWire, until, type Wire } from './wire-harness.ts';

const MEBIBYTE = 1024 * 1024;
const opened: (Wire | UpstreamClient)[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function stage(onRequest: Parameters<typeof serveWire>[0]) {
  const wire = await serveWire(onRequest);
  const client = createOwnClient({ allow: [wire.host] });
  opened.push(wire, client);
  return { wire, client };
}

/** Bytes that stopped growing: what buffers of the operating system took. */
async function settled(read: () => number): Promise<number> {
  let last = -1;
  for (let quiet = 0; quiet < 20; ) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    quiet = read() === last && last > 0 ? quiet + 1 : 0;
    last = read();
  }
  return last;
}

/** A busy machine does nothing for shorter. */
const IDLE_MS = 1_000;

describe('back-pressure', () => {
  it('towards the upstream: a sink that pauses gets nothing, and the upstream is held up', async () => {
    const total = 64 * MEBIBYTE;
    let written = 0;
    const { wire, client } = await stage((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${total}\r\n\r\n`);
      const part = Buffer.alloc(MEBIBYTE, 'x');
      const more = (): void => {
        if (written === total) return;
        written += part.length;
        socket.write(part, more);
      };
      more();
    });
    let received = 0;
    let pausedAt = 0;
    const asked = ask(client, wire.origin, {
      onData(chunk, exchange) {
        received += chunk.length;
        if (pausedAt === 0 && received > MEBIBYTE) {
          pausedAt = received;
          exchange.pause();
        }
      },
      timeouts: { idleTimeoutMs: IDLE_MS },
    });
    const held = await settled(() => written);
    await new Promise((resolve) => setTimeout(resolve, 1.2 * IDLE_MS));
    expect(received).toBe(pausedAt);
    expect(held).toBeLessThan(total / 2);
    expect(asked.heard.failure).toBeNull();
    asked.exchange.resume();
    expect(await asked.done).toMatchObject({ ended: true, failure: null });
    expect(received).toBe(total);
  });

  it('within one read: no chunk comes between pause and resume', async () => {
    const chunks = Array.from({ length: 200 }, (_, index) => `1\r\n${String.fromCharCode(97 + (index % 26))}\r\n`);
    const { wire, client } = await stage((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`),
    );
    let paused = false;
    let broken = false;
    const asked = ask(client, wire.origin, {
      onData(_chunk, exchange) {
        broken ||= paused;
        paused = true;
        exchange.pause();
        exchange.pause();
        setImmediate(() => {
          paused = false;
          exchange.resume();
        });
      },
    });
    const heard = await asked.done;
    expect([broken, heard.parts, heard.ended]).toEqual([false, 200, true]);
    expect(heard.body).toBe(chunks.map((chunk) => chunk[3]).join(''));
  });

  it('does not lose an answer whose connection ends while it is paused', async () => {
    const { wire, client } = await stage((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nhello'));
    const asked = ask(client, wire.origin, { onData: (_chunk, exchange) => exchange.pause() });
    await until(() => asked.heard.body === 'hello');
    await until(() => wire.connections[0]?.ended === true);
    expect(asked.heard.ended).toBe(false);
    asked.exchange.resume();
    expect(await asked.done).toMatchObject({ body: 'hello', ended: true, failure: null });
  });

  it('towards the caller: an upstream that does not read holds up the body, and gets all of it later', async () => {
    const { wire, client } = await stage(() => undefined);
    let drawn = 0;
    async function* body() {
      for (; drawn < 64; drawn += 1) yield Buffer.alloc(MEBIBYTE, 'y');
    }
    const total = 64 * MEBIBYTE;
    const asked = ask(client, wire.origin, { method: 'POST', body: body(), bodyBytes: total });
    const headEnd = () => wire.connections[0]?.received.indexOf('\r\n\r\n') ?? -1;
    await until(() => headEnd() > 0);
    const { socket } = wire.connections[0] as (typeof wire.connections)[0];
    socket.removeAllListeners('data');
    socket.pause();
    expect(await settled(() => drawn)).toBeLessThan(32);
    // The wire reads until it is told not to: what of the body it has by then counts too.
    let received = (wire.connections[0]?.received.length ?? 0) - headEnd() - 4;
    socket.on('data', (bytes: Buffer) => {
      received += bytes.length;
      if (received >= total) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    });
    socket.resume();
    expect(await asked.done).toMatchObject({ status: 200, ended: true });
  });
});
