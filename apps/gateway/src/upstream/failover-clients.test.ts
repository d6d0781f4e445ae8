import { afterEach, describe, expect, it } from 'vitest';
import { withFailover } from './failover.ts';
import { createOwnClient } from './own-client.ts';
import { createUndiciClient } from './undici-client.ts';
import type { UpstreamClient } from './upstream.ts';
import { ask, serveWire, until, type Wire } from './wire-harness.ts';

const opened: (Wire | UpstreamClient)[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function* body() {
  yield Buffer.from('first ');
  yield Buffer.from('second');
}

describe.each([
  ['own', createOwnClient],
  ['undici', createUndiciClient],
])('failover over the %s client', (_name, createClient) => {
  it('carries a call whole, its streamed body included, to the address that can be reached', async () => {
    const gone = await serveWire(() => undefined);
    await gone.close();
    const wire = await serveWire(() => undefined);
    const client = withFailover(createClient({ allow: [gone.host, wire.host] }), {
      nowMs: () => performance.now(),
      onChange: () => undefined,
    });
    opened.push(wire, client);
    const fallbacks = [{ origin: wire.origin, host: wire.host, target: '/b' }];
    const asked = ask(client, gone.origin, { method: 'POST', body: body(), bodyBytes: 12, fallbacks });
    await until(() => wire.connections[0]?.received.endsWith('\r\n\r\nfirst second') === true);
    wire.connections[0]?.socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    expect(await asked.done).toMatchObject({ status: 200, body: 'ok', ended: true });
    expect(wire.connections[0]?.received).toMatch(/^POST \/b HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/);
  });

  it('sends nothing a second time when the upstream took the request and died', async () => {
    const dying = await serveWire((socket) => socket.destroy());
    const other = await serveWire((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
    const client = withFailover(createClient({ allow: [dying.host, other.host] }), {
      nowMs: () => performance.now(),
      onChange: () => undefined,
    });
    opened.push(dying, other, client);
    const fallbacks = [{ origin: other.origin, host: other.host, target: '/b' }];
    const heard = await ask(client, dying.origin, { method: 'POST', body: Buffer.from('pay'), fallbacks }).done;
    expect(heard.failure).toMatchObject({ kind: 'failed', phase: 'first-byte' });
    expect([dying.connections.length, other.connections.length]).toEqual([1, 0]);
  });
});
