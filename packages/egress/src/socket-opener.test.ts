import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Resolve } from './guard.ts';
import { createSocketOpener, type Opened } from './socket-opener.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
});

async function listen(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => undefined).resume());
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

interface Way {
  readonly allow?: readonly string[];
  readonly resolve?: Resolve;
  readonly connectTimeoutMs?: number;
}
const open = (origin: string, { allow = [], ...way }: Way) =>
  new Promise<Opened>((done) => createSocketOpener({ allow, ...way })(new URL(origin), done));
const at =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('createSocketOpener', () => {
  it('opens a socket to an allowed loopback port, by address and by name', async () => {
    const port = await listen();
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      const opened = await open(`http://${host}`, { allow: [host], resolve: at('127.0.0.1') });
      if (opened.kind !== 'opened') throw opened.cause;
      expect(opened.socket.remoteAddress).toBe('127.0.0.1');
      opened.socket.destroy();
    }
  });

  it.each([
    ['http://127.0.0.1:80', undefined],
    ['http://[::1]:80', undefined],
    ['http://[::ffff:10.0.0.1]', undefined],
    ['https://169.254.169.254', undefined],
    ['http://name.test', at('10.0.0.1')],
    ['http://name.test', at('8.8.8.8', '127.0.0.1')],
  ])('refuses %s before a packet leaves', async (origin, resolve) => {
    const opened = await open(origin, resolve === undefined ? {} : { resolve });
    expect(opened).toMatchObject({ kind: 'failed', cause: { kind: 'egress-refused', reason: 'address' } });
  });

  it('refuses an allowed loopback port whose name is elsewhere', async () => {
    const opened = await open('http://localhost:80', { allow: ['localhost:80'], resolve: at('8.8.8.8') });
    expect(opened).toMatchObject({ kind: 'failed', cause: { kind: 'egress-refused' } });
  });

  it('gives up after its time, and says so', async () => {
    const never: Resolve = () => new Promise(() => undefined);
    const opened = await open('http://name.test', { resolve: never, connectTimeoutMs: 50 });
    expect(opened).toMatchObject({ kind: 'failed', cause: { kind: 'egress-failed', reason: 'timeout' } });
  });

  it('says nothing any more once it was given up', async () => {
    const port = await listen();
    const opener = createSocketOpener({ allow: [`127.0.0.1:${port}`] });
    const heard: Opened[] = [];
    const giveUp = opener(new URL(`http://127.0.0.1:${port}`), (opened) => heard.push(opened));
    const refused = opener(new URL('http://10.0.0.1'), (opened) => heard.push(opened));
    giveUp();
    refused();
    const next = await open(`http://127.0.0.1:${port}`, { allow: [`127.0.0.1:${port}`] });
    if (next.kind === 'opened') next.socket.destroy();
    expect([next.kind, heard]).toEqual(['opened', []]);
  });
});
