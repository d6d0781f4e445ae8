import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi, SYSTEM } from '@tollwright/services';
import { queryOnce } from '@tollwright/testing';
import { Expectations, type Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';
import { CALL_NANO_USD } from '../tenant.ts';

/** The portal's role sees nothing without a tenant, and no document is fetched from where only this machine can go. */
export const strangersToTables: Scenario = {
  name: 'strangers-to-tables',
  about:
    'Every table is read as the portal without a tenant; documents are imported from private addresses and by redirect.',
  async run(scene) {
    const { stage } = scene;
    const { expect, failures } = new Expectations();
    const gateway = await scene.gateway('a');
    const account = await scene.account('calls', CALL_NANO_USD * 3n);
    const { status } = await scene.call(gateway, account);
    expect(status === 200, `a call got ${status}`);
    const tables = await readTables(stage);
    for (const { name, rows } of tables) expect(rows === 0, `${name} shows ${rows} rows to nobody`);
    expect(
      tables.some(({ stored }) => stored > 0),
      'no table holds anything',
    );
    const imports = await importPrivately(stage);
    expect(imports.imported.length === 0, `imported from ${imports.imported.join(', ')}`);
    expect(imports.guided === 1, `the redirect was asked for ${imports.guided} times`);
    expect(imports.hits === 0, `the private address was asked ${imports.hits} times`);
    return {
      attempts: 1 + tables.length + imports.tried,
      counted: [{ account }],
      raw: {
        ...{ tables: tables.length, tablesWithRows: tables.filter(({ stored }) => stored > 0).length },
        ...{ deniedTables: tables.filter(({ isDenied }) => isDenied).length },
        ...{ importsTried: imports.tried, imported: imports.imported.length, privateHits: imports.hits },
      },
      failures,
    };
  },
};

/** Every table with row level security: what is in it, and what the portal's role reads of it without a tenant. */
async function readTables({ database }: Stage) {
  const found = await queryOnce<{ name: string }>(
    database.url,
    "SELECT relname AS name FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace ORDER BY 1",
  );
  return Promise.all(
    found.map(async ({ name }) => {
      const statement = `SELECT count(*) AS n FROM "${name}"`;
      const count = async (url: string) => Number((await queryOnce<{ n: string }>(url, statement))[0]?.n);
      const seen = await count(database.urlAs('tollwright_portal')).catch((error: { code?: string }) => {
        if (error.code === '42501') return null;
        throw error;
      });
      return { name, stored: await count(database.url), rows: seen ?? 0, isDenied: seen === null };
    }),
  );
}

/** Imports from a listener on a loopback port that is not allowed: directly, by other names of it, and by a redirect. */
async function importPrivately({ services, tenant, upstreamProxy, upstream }: Stage) {
  let hits = 0;
  const hidden = createServer((_, response) => {
    hits++;
    response.end('{}');
  });
  let guided = 0;
  const guide = createServer((_, response) => {
    guided++;
    response.writeHead(302, { location: `http://127.0.0.1:${portOf(hidden)}/openapi.json` });
    response.end();
  });
  const servers = [hidden, guide];
  await Promise.all(servers.map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))));
  const port = portOf(hidden);
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `[::ffff:127.0.0.1]:${port}`, '169.254.169.254', '10.0.0.1'];
  const urls = [
    ...hosts.map((host) => `http://${host}/openapi.json`),
    `http://127.0.0.1:${upstreamProxy.port}/openapi.json`,
  ];
  upstreamProxy.retarget(portOf(guide));
  const outcomes = await Promise.all(
    urls.map((url, index) =>
      createApi(services, SYSTEM, {
        ...{ providerId: tenant.providerId, slug: `private-${index}`, name: 'Private', upstreamBaseUrl: upstream.url },
        source: { kind: 'url', url },
      }).then(
        () => url,
        () => null,
      ),
    ),
  );
  upstreamProxy.retarget(upstream.port);
  for (const server of servers) server.close();
  return { tried: urls.length, imported: outcomes.filter((url) => url !== null), guided, hits };
}

function portOf(server: ReturnType<typeof createServer>): number {
  return (server.address() as AddressInfo).port;
}
