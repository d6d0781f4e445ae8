import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createEgress, type Egress } from './egress.ts';
import type { Resolve } from './guard.ts';

const opened: (Server | Egress)[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) {
    if ('fetch' in one) {
      await one.close();
    } else {
      one.closeAllConnections();
      await new Promise((done) => one.close(done));
    }
  }
});

async function serve(listener: RequestListener): Promise<{ port: number; hits: () => number }> {
  let hits = 0;
  const server = createServer((request, response) => {
    hits += 1;
    listener(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  opened.push(server);
  return { port: (server.address() as AddressInfo).port, hits: () => hits };
}

function open(ports: readonly number[], resolve?: Resolve): Egress {
  const allow = ports.map((port) => `127.0.0.1:${port}`);
  const egress = createEgress({ allow, connectTimeoutMs: 2_000, ...(resolve ? { resolve } : {}) });
  opened.push(egress);
  return egress;
}

const at =
  (address: string): Resolve =>
  async () => [{ address, family: address.includes(':') ? 6 : 4 }];

describe('fetch: what is reached', () => {
  it('brings the answer of an allowed loopback port', async () => {
    const server = await serve((request, response) => {
      response.setHeader(
        'x-seen',
        `${request.method} ${request.headers['x-key']} ${request.headers['accept-encoding']}`,
      );
      response.statusCode = 201;
      request.pipe(response);
    });
    const url = `http://127.0.0.1:${server.port}/a?b=c`;
    const answer = await open([server.port]).fetch(url, { method: 'post', headers: { 'X-Key': 'k' }, body: 'hello' });
    expect([answer.status, answer.url, answer.headers.get('x-seen'), await answer.text()]).toEqual([
      201,
      url,
      'POST k identity',
      'hello',
    ]);
  });

  it('refuses a loopback port that is not on the list, by literal in any spelling and by name', async () => {
    const server = await serve((_, response) => response.end());
    const egress = open([1]);
    const hosts = ['127.0.0.1', '2130706433', '0x7f.1', '127.1', '[::ffff:127.0.0.1]', 'localhost'];
    for (const host of hosts) {
      await expect(egress.fetch(`http://${host}:${server.port}/`), host).rejects.toMatchObject({ reason: 'address' });
    }
    expect(server.hits()).toBe(0);
  });

  it.each(['127.0.0.1', '::1', '10.0.0.9', '169.254.169.254', '::ffff:169.254.169.254', 'fd00::1', '0.0.0.0'])(
    'refuses a name that resolves to %s',
    async (address) => {
      const server = await serve((_, response) => response.end());
      const answer = open([], at(address)).fetch(`http://metadata.test:${server.port}/`);
      await expect(answer).rejects.toMatchObject({ kind: 'egress-refused', reason: 'address' });
      expect(server.hits()).toBe(0);
    },
  );

  it('refuses a name that has a private address beside a public one', async () => {
    const both: Resolve = async () => [
      { address: '8.8.8.8', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    await expect(open([], both).fetch('http://both.test/')).rejects.toMatchObject({ reason: 'address' });
  });

  it('refuses a connection that ended elsewhere than the judged address', async () => {
    const server = await serve((_, response) => response.end());
    let reads = 0;
    const rebinding: Resolve = async () => {
      const entry = {
        family: 4,
        get address(): string {
          reads += 1;
          return reads === 1 ? '8.8.8.8' : '127.0.0.1';
        },
      };
      return [entry];
    };
    const answer = open([], rebinding).fetch(`http://rebind.test:${server.port}/`);
    await expect(answer).rejects.toMatchObject({ reason: 'address', message: expect.stringContaining('127.0.0.1') });
    expect(reads).toBeGreaterThan(1);
    expect(server.hits()).toBe(0);
  });

  it('refuses an allowed name that resolves off loopback', async () => {
    const egress = createEgress({ allow: ['localhost:8080'], resolve: at('10.0.0.1') });
    opened.push(egress);
    await expect(egress.fetch('http://localhost:8080/')).rejects.toMatchObject({ reason: 'address' });
  });

  it('reaches what the operator named in a private network, and nothing beside it', async () => {
    const [named, beside] = [
      await serve((_, response) => response.end('hi')),
      await serve((_, response) => response.end()),
    ];
    const operatorUrls = [`http://facilitator.internal:${named.port}/x402`];
    const egress = createEgress({ allow: [], operatorUrls, resolve: at('127.0.0.1') });
    opened.push(egress);
    expect(await (await egress.fetch(`http://facilitator.internal:${named.port}/supported`)).text()).toBe('hi');
    const refused = { reason: 'address' };
    await expect(egress.fetch(`http://facilitator.internal:${beside.port}/`)).rejects.toMatchObject(refused);
    await expect(egress.fetch(`http://127.0.0.1:${named.port}/`)).rejects.toMatchObject(refused);
    expect(beside.hits()).toBe(0);
  });

  it.each([
    ['ftp://example.com/', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['http://user:secret@example.com/', 'credentials-in-url'],
    ['no url', 'url-invalid'],
  ])('refuses %s as %s', async (address, reason) => {
    await expect(open([]).fetch(address)).rejects.toMatchObject({ reason });
  });
});

describe('fetch: redirects', () => {
  it.each([
    ['an address', (port: number) => `http://127.0.0.1:${port}/`],
    ['a name', (port: number) => `http://private.test:${port}/`],
  ])('refuses one from an allowed server to %s on loopback', async (_, target) => {
    const inner = await serve((_request, response) => response.end('secret'));
    const outer = await serve((_request, response) => {
      response.writeHead(302, { location: target(inner.port) }).end();
    });
    const answer = open([outer.port], at('127.0.0.1')).fetch(`http://127.0.0.1:${outer.port}/`);
    await expect(answer).rejects.toMatchObject({ reason: 'address' });
    expect([outer.hits(), inner.hits()]).toEqual([1, 0]);
  });

  it('follows up to redirectsMax and then refuses', async () => {
    const server = await serve((request, response) => {
      const step = Number(request.url?.slice(1));
      if (step === 0) response.end('arrived');
      else response.writeHead(302, { location: `/${step - 1}` }).end();
    });
    const egress = open([server.port]);
    const arrived = await egress.fetch(`http://127.0.0.1:${server.port}/3`);
    expect([await arrived.text(), new URL(arrived.url).pathname]).toEqual(['arrived', '/0']);
    const tooMany = egress.fetch(`http://127.0.0.1:${server.port}/4`);
    await expect(tooMany).rejects.toMatchObject({ reason: 'redirects' });
    const none = egress.fetch(`http://127.0.0.1:${server.port}/1`, { redirectsMax: 0 });
    await expect(none).rejects.toMatchObject({ reason: 'redirects' });
  });
});

describe('fetch: limits', () => {
  it('accepts bodyBytesMax bytes and refuses one more', async () => {
    const server = await serve((request, response) => response.end('x'.repeat(Number(request.url?.slice(1)))));
    const egress = open([server.port]);
    const fits = await egress.fetch(`http://127.0.0.1:${server.port}/1000`, { bodyBytesMax: 1_000 });
    expect((await fits.text()).length).toBe(1_000);
    const over = egress.fetch(`http://127.0.0.1:${server.port}/1001`, { bodyBytesMax: 1_000 });
    await expect(over).rejects.toMatchObject({ reason: 'body-too-large' });
  });

  it('refuses an answer that is compressed although identity was asked for', async () => {
    const server = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'));
    const answer = open([server.port]).fetch(`http://127.0.0.1:${server.port}/`);
    await expect(answer).rejects.toMatchObject({ reason: 'content-encoding' });
  });

  it.each([
    ['headers', () => undefined],
    ['body', (response: { write(text: string): void }) => response.write('a')],
  ])('fails by timeout when the %s never end', async (_, begin) => {
    const server = await serve((_request, response) => begin(response));
    const answer = open([server.port]).fetch(`http://127.0.0.1:${server.port}/`, { timeoutMs: 100 });
    await expect(answer).rejects.toMatchObject({ kind: 'egress-failed', reason: 'timeout' });
  });

  it('fails as aborted when the caller gives up', async () => {
    const server = await serve(() => undefined);
    const signal = AbortSignal.abort();
    const answer = open([server.port]).fetch(`http://127.0.0.1:${server.port}/`, { signal });
    await expect(answer).rejects.toMatchObject({ kind: 'egress-failed', reason: 'aborted' });
  });

  it('fails as unreachable when nobody listens', async () => {
    await expect(open([1]).fetch('http://127.0.0.1:1/')).rejects.toMatchObject({ reason: 'unreachable' });
  });
});

describe('fetch: answers that are noted', () => {
  it('are cut at the limit, unread where coded, and a redirect is one of them', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/long') response.end('x'.repeat(100_000));
      else if (request.url === '/coded') response.writeHead(200, { 'content-encoding': 'gzip' }).end('coded');
      else response.writeHead(302, { location: '/long' }).end('elsewhere');
    });
    const egress = open([server.port]);
    const note = async (path: string) => {
      const init = { method: 'POST', body: '{}', bodyBytesMax: 4_096, isNoted: true };
      const answer = await egress.fetch(`http://127.0.0.1:${server.port}${path}`, init);
      return [answer.status, (await answer.text()).length];
    };
    expect(await note('/long')).toEqual([200, 4_096]);
    expect(await note('/coded')).toEqual([200, 0]);
    expect(await note('/moved')).toEqual([302, 9]);
    expect(server.hits()).toBe(3);
  });

  it('stand by their status where the body breaks off or does not end', async () => {
    const server = await serve((request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('begun');
      if (request.url === '/broken') setTimeout(() => response.destroy(), 50);
    });
    const egress = open([server.port]);
    for (const path of ['/broken', '/endless']) {
      const init = { isNoted: true, timeoutMs: 2_000 };
      const answer = await egress.fetch(`http://127.0.0.1:${server.port}${path}`, init);
      expect([answer.status, await answer.text()], path).toEqual([200, 'begun']);
    }
  });
});
