import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createListener, type Server } from 'node:net';
import { join } from 'node:path';
import { createApi, importDocument, SYSTEM } from '@tollwright/services';
import { bearer } from '../../agent-calls.ts';
import { eventually } from '../../eventually.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import type { Gateway } from '../scene.ts';
import type { Stage } from '../stage.ts';
import { type Account, CALL_NANO_USD } from '../tenant.ts';

const PRIVATE = '127.0.0.1';
/** Public by its number; the listener that stands for it is at another loopback address, under the same port. */
const PUBLIC = '93.184.215.14';
const STANDS_AT = '127.0.0.2';
const DOCUMENT = JSON.stringify({
  ...{ openapi: '3.1.0', info: { title: 'Rebound', version: '1' } },
  paths: { '/item': { get: { operationId: 'getItem', responses: { 200: { description: 'An item' } } } } },
});

/** What each name is answered with, one look-up after the other. */
const NAMES = {
  'private.test': [[PRIVATE]],
  'mapped.test': [[`::ffff:${PRIVATE}`]],
  'both.test': [[PUBLIC, PRIVATE]],
  'redirecting.test': [[PUBLIC]],
  'rebinding.test': [[PUBLIC], [PRIVATE]],
  'later.test': [[PUBLIC], [PRIVATE]],
  'upstream.test': [[PUBLIC], [PRIVATE]],
  'redirecting-upstream.test': [[PUBLIC]],
} as const;
/** In this order. A redirect leads to the document, at the same name or at the private address. */
const IMPORTS = [
  ...['private.test/document', 'mapped.test/document', 'both.test/document', 'redirecting.test/away'],
  ...['redirecting.test/document', 'rebinding.test/again', 'later.test/document', 'later.test/document'],
];
const CALLS = ['rebound', 'rebound', 'rebound', 'redirected'];

/**
 * Names belong to whoever sold them: one that was public when it was judged is private when it is looked up again, and a public
 * server redirects to a private one. Documents are imported from such names by this process, as the portal does, and calls
 * are forwarded to them by gateways with either client. No resolver can be set in the product, so a module that the
 * processes load first answers for `.test`, and leads sockets for the public address to a listener on this machine.
 */
export const egressRebinding: Scenario = {
  name: 'egress-rebinding',
  about:
    'Names are public when judged and private afterwards, for imports and upstreams; nothing private is connected to.',
  async run(scene) {
    const { stage } = scene;
    const { expect, failures } = new Expectations();
    const world = await openWorld(stage);
    try {
      const gateways = await Promise.all(
        (['own', 'undici'] as const).map((client) =>
          scene.gateway(client, { env: { UPSTREAM_CLIENT: client }, imports: [world.module] }),
        ),
      );
      const account = await scene.account('calls', CALL_NANO_USD * 100n);
      const { install } = (await import(world.module.split('?')[0] as string)) as { install(file: string): void };
      install(world.file);
      const { imported, failed } = await importAll(stage, world.port);
      expect(imported.join() === 'redirecting.test/document,later.test/document', `imported: ${imported.join()}`);
      expect(failed.length === 0, `not refused for its address: ${failed.join(', ')}`);
      await sell(stage, 'rebound', `http://upstream.test:${world.port}`);
      await sell(stage, 'redirected', `http://redirecting-upstream.test:${world.port}`);
      for (const gateway of gateways) {
        const plain = await scene.call(gateway, account);
        expect(plain.status === 200, `an ordinary call got ${plain.status}`);
        const statuses = await callAll(gateway, account);
        expect(statuses.join() === '200,502,502,302', `${gateway.name} answered ${statuses.join()}`);
      }
      const asked = readFileSync(`${world.file}.asked`, 'utf8').trim().split('\n');
      const askedPrivate = asked.filter((line) => line.includes(PRIVATE)).length;
      expect(askedPrivate >= 6, `a private address was answered ${askedPrivate} times only`);
      expect(world.counts.public >= 6, `the public address was connected to ${world.counts.public} times only`);
      expect(world.counts.private === 0, `${world.counts.private} connections reached the private listener`);
      return {
        attempts: IMPORTS.length + gateways.length * (1 + CALLS.length),
        counted: [{ account }],
        raw: { lookups: asked.length, askedPrivate, ...world.counts },
        failures,
      };
    } finally {
      await world.close();
    }
  },
};

/** Imports one after the other. Answers what was imported, and what failed in another way than for its address. */
async function importAll({ services, tenant }: Stage, port: number) {
  const imported: string[] = [];
  const failed: string[] = [];
  for (const address of IMPORTS) {
    const [host, path] = address.split('/');
    const source = { kind: 'url' as const, url: `http://${host}:${port}/${path}` };
    await importDocument(services, SYSTEM, { providerId: tenant.providerId, source }).then(
      () => imported.push(address),
      (error: Error) => {
        if (!error.message.includes('egress refused (address)')) failed.push(error.message);
      },
    );
  }
  return { imported, failed };
}

async function sell({ services, tenant }: Stage, slug: string, upstreamBaseUrl: string): Promise<void> {
  await createApi(services, SYSTEM, {
    ...{ providerId: tenant.providerId, slug, name: slug, upstreamBaseUrl },
    source: { kind: 'text', text: DOCUMENT },
  });
}

/** Calls the upstreams of these names one after the other. Answers the statuses. */
async function callAll(gateway: Gateway, account: Account): Promise<number[]> {
  const call = async (slug: string) => {
    const url = `${gateway.url}/acme/${slug}/item`;
    const response = await fetch(url, { headers: bearer(account.key), redirect: 'manual' });
    await response.arrayBuffer();
    return response.status;
  };
  await eventually('the gateway knows the API', 30_000, async () =>
    (await fetch(`${gateway.url}/acme/redirected/item`).then(({ status }) => status)) === 401 ? true : null,
  );
  const statuses: number[] = [];
  for (const slug of CALLS) statuses.push(await call(slug));
  return statuses;
}

/** The listeners, and the module that answers for the names. */
async function openWorld({ folder }: Stage) {
  const counts = { public: 0, private: 0 };
  const hidden = createListener((socket) => {
    counts.private++;
    socket.destroy();
  });
  const port = await listen(hidden, 0, PRIVATE);
  const open = createServer(({ url, headers }, response) => {
    const isRedirect = url !== '/document' && headers.host !== `upstream.test:${port}`;
    const host = url === '/again' ? headers.host : `${PRIVATE}:${port}`;
    const redirect = isRedirect ? { location: `http://${host}/document` } : {};
    response.writeHead(isRedirect ? 302 : 200, {
      ...redirect,
      'content-type': 'application/json',
      connection: 'close',
    });
    response.end(DOCUMENT);
  });
  open.on('connection', () => {
    counts.public++;
  });
  await listen(open, port, STANDS_AT);
  const file = join(folder, 'names.json');
  writeFileSync(file, JSON.stringify({ names: NAMES, publicAddress: PUBLIC, standsAt: STANDS_AT }));
  return {
    ...{ counts, port, file },
    module: `${new URL('../names/false-names.mjs', import.meta.url)}?file=${file}`,
    async close() {
      await Promise.all([hidden, open].map((server) => new Promise((done) => server.close(done))));
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}
