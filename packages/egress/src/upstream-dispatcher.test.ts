import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { createUpstreamDispatcher } from './upstream-dispatcher.ts';

describe('createUpstreamDispatcher', () => {
  it('judges an address once per connection and reuses the socket', async () => {
    const server = createServer((_, response) => response.end('ok'));
    let connections = 0;
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    let lookups = 0;
    const dispatcher = createUpstreamDispatcher({
      allow: [`localhost:${port}`],
      connectionsMax: 1,
      resolve: async () => {
        lookups += 1;
        return [{ address: '127.0.0.1', family: 4 }];
      },
    });
    for (let call = 0; call < 5; call += 1) {
      const answer = await request(`http://localhost:${port}/`, { dispatcher });
      expect(await answer.body.text()).toBe('ok');
    }
    expect([lookups, connections]).toEqual([1, 1]);
    await dispatcher.close();
    await new Promise((done) => server.close(done));
  });

  it('refuses an upstream on a private address', async () => {
    const dispatcher = createUpstreamDispatcher({
      allow: [],
      resolve: async () => [{ address: '10.0.0.1', family: 4 }],
    });
    await expect(request('https://upstream.test/', { dispatcher })).rejects.toMatchObject({ reason: 'address' });
    await dispatcher.close();
  });

  it('refuses an allow entry that is not on loopback', () => {
    expect(() => createUpstreamDispatcher({ allow: ['10.0.0.1:80'] })).toThrow(RangeError);
  });
});
