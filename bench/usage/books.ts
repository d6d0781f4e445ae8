import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeDb, createDb } from '@tollwright/db';
import { createEgress } from '@tollwright/egress';
import type { ServiceContext } from '@tollwright/services';
import { createPostgresState, type StatePort } from '@tollwright/state';
import { StripeClients } from '@tollwright/stripe';
import { copyTemplate, insertTenant, migrateTemplate, startPostgres, type TenantIds } from '@tollwright/testing';
import pg from 'pg';
import type { Ends } from '../ends.ts';

/** A control plane whose PostgreSQL is as safe against a power loss as a user's, with one tenant. */
export interface Books {
  /** As the portal and its REST API run. */
  readonly portal: ServiceContext;
  /** As the worker runs. */
  readonly worker: ServiceContext;
  /** As gateways reach the store. */
  readonly gateway: StatePort;
  /** The superuser, whom row level security does not bind. */
  readonly owner: pg.Client;
  readonly tenant: TenantIds;
}

export async function openBooks(ends: Ends): Promise<Books> {
  const folder = mkdtempSync(join(tmpdir(), 'tollwright-bench-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  // PostgreSQL runs as a user of its own and has to pass through.
  chmodSync(folder, 0o755);
  const postgres = await startPostgres({ dataDir: join(folder, 'books') });
  ends.push(() => postgres.destroy());
  const database = await copyTemplate(await migrateTemplate(postgres.url, 'tollwright_template'), 'books');
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  ends.push(() => owner.end());
  const tenant = await insertTenant(database.url, 'bench');
  const egress = createEgress({ allow: [] });
  ends.push(() => egress.close());
  const contextAs = (role: 'tollwright_portal' | 'tollwright_worker'): ServiceContext => {
    const db = createDb({ connectionString: database.urlAs(role), poolMax: 4 });
    const state = createPostgresState({ connectionString: database.urlAs(role), poolMax: 2 });
    ends.push(() => Promise.all([closeDb(db), state.close()]));
    return {
      ...{ db, state, egress, clock: Date.now, random: randomBytes, stripe: new StripeClients(), masterKeys: [] },
      ...{ mailer: { send: async () => undefined }, signup: 'closed' },
      publicUrls: { portalUrl: 'https://portal.example', gatewayUrl: 'https://gateway.example' },
      onError: (what, error) => {
        throw new Error(what, { cause: error });
      },
    };
  };
  const gateway = createPostgresState({ connectionString: database.urlAs('tollwright_gateway'), poolMax: 1 });
  ends.push(() => gateway.close());
  return { portal: contextAs('tollwright_portal'), worker: contextAs('tollwright_worker'), gateway, owner, tenant };
}

/** One number that a query of the owner answers. */
export async function numberOf({ owner }: Books, text: string): Promise<number> {
  const { rows } = await owner.query<{ found: string | null }>(text);
  return Number(rows[0]?.found ?? 0);
}
