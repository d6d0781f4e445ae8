import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { selfSigned } from './certificate-harness.ts';
import { createOwnClient } from './own-client.ts';
import type { UpstreamClient } from './upstream.ts';
import { ask, serveWire, type Wire } from './wire-harness.ts';

const HELLO = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello';
const { cert, key } = selfSigned({ dns: 'localhost', ip: '127.0.0.1' });
const opened: (Wire | UpstreamClient)[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function stage(options: { readonly ca?: string; readonly protocols?: string[] }) {
  const wire = await serveWire((socket) => socket.write(HELLO), {
    ...{ cert, key },
    ALPNProtocols: options.protocols ?? ['http/1.1'],
  });
  const allow = [wire.host, `localhost:${wire.port}`];
  const client = createOwnClient({ allow, ...(options.ca === undefined ? {} : { ca: options.ca }) });
  opened.push(wire, client);
  return { wire, client };
}

describe('an upstream over TLS', () => {
  it('is called when its certificate is trusted and names it, by name with SNI or by address without', async () => {
    const { wire, client } = await stage({ ca: cert });
    const byName = `https://localhost:${wire.port}`;
    expect(await ask(client, byName).done).toMatchObject({ status: 200, body: 'hello', failure: null });
    expect(await ask(client, byName).done).toMatchObject({ status: 200, body: 'hello', failure: null });
    expect(wire.connections).toHaveLength(1);
    expect(await ask(client, wire.origin).done).toMatchObject({ status: 200, body: 'hello', failure: null });
    const sockets = wire.connections.map(({ socket }) => socket as TLSSocket & { readonly servername: string | false });
    expect(sockets.map(({ servername, alpnProtocol }) => [servername, alpnProtocol])).toEqual([
      ['localhost', 'http/1.1'],
      [false, 'http/1.1'],
    ]);
  });

  it('is never called when nobody vouches for its certificate', async () => {
    const { wire, client } = await stage({});
    const heard = await ask(client, wire.origin, { method: 'POST', body: Buffer.from('secret') }).done;
    const cause = { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' };
    expect(heard.failure).toMatchObject({ kind: 'failed', phase: 'connect', cause });
    expect(wire.connections.filter(({ received }) => received !== '')).toEqual([]);
  });

  it('is never called when its certificate is for another name', async () => {
    const { cert: other, key: otherKey } = selfSigned({ dns: 'elsewhere.test', ip: '192.0.2.1' });
    const wire = await serveWire((socket) => socket.write(HELLO), { cert: other, key: otherKey });
    const client = createOwnClient({ allow: [`localhost:${wire.port}`], ca: other });
    opened.push(wire, client);
    const heard = await ask(client, `https://localhost:${wire.port}`).done;
    expect(heard.failure).toMatchObject({ phase: 'connect', cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } });
  });

  it('is not called when it speaks HTTP/2 only', async () => {
    const { wire, client } = await stage({ ca: cert, protocols: ['h2'] });
    expect((await ask(client, wire.origin).done).failure).toMatchObject({ kind: 'failed', phase: 'connect' });
  });

  it('that speaks no TLS fails before a byte of the request was written', async () => {
    const wire = await serveWire((socket) => socket.write(HELLO));
    const client = createOwnClient({ allow: [wire.host] });
    opened.push(wire, client);
    const asked = ask(client, `https://${wire.host}`, { timeouts: { connectTimeoutMs: 300 } });
    expect((await asked.done).failure).toMatchObject({ phase: 'connect' });
    expect(wire.connections[0]?.received).not.toContain('GET /');
  });
});
