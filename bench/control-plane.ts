import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  copyTemplate,
  type DatabaseCopy,
  type DatabaseTemplate,
  migrateTemplate,
  queryOnce,
  startPostgres,
} from '@tollwright/testing';
import { PROVIDER_ID } from './fixture.ts';
import { masterKeyFileIn } from './gateway.ts';
import { type Program, startProgram } from './program.ts';
import type { Stage, Tollwright } from './stage.ts';

/** A migrated control plane in a PostgreSQL of its own. It takes seconds of CPU, so nothing may be timed meanwhile. */
export async function migrateControlPlane({ ends, folder }: Stage): Promise<DatabaseTemplate> {
  const postgres = await startPostgres({ dataDir: join(folder, 'control-plane'), durable: false });
  ends.push(() => postgres.destroy());
  return migrateTemplate(postgres.url, 'tollwright_template');
}

/** A control plane that knows the fixture's provider and, so far, none of its calls. */
export async function openControlPlane(template: DatabaseTemplate, store: Tollwright['store']): Promise<DatabaseCopy> {
  const database = await copyTemplate(template, `beside_${store.toLowerCase()}`);
  await queryOnce(database.url, 'INSERT INTO provider (id, slug, name) VALUES ($1, $2, $2)', [PROVIDER_ID, 'bench']);
  return database;
}

/** Starts the built worker between a gateway's state store and a control plane. */
export function startWorker(
  { ends }: Stage,
  { folder, storeEnv }: Tollwright,
  database: DatabaseCopy,
): Promise<Program> {
  const mailFolder = join(folder, 'mail');
  mkdirSync(mailFolder);
  return startProgram(ends, {
    ...{ name: 'worker', readyPath: '/healthz' },
    env: (origin) => ({
      ...{ DATABASE_URL: database.urlAs('tollwright_worker'), ...storeEnv },
      ...{ QUEUE_DATABASE_URL: database.urlAs('tollwright_queue'), TOLLWRIGHT_MAIL_DIR: mailFolder },
      ...{ PORTAL_PUBLIC_URL: origin, GATEWAY_PUBLIC_URL: origin },
      ...{ TOLLWRIGHT_MASTER_KEY_FILE: masterKeyFileIn(folder), LOG_LEVEL: 'warn' },
    }),
  });
}
