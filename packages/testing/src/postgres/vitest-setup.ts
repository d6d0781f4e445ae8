import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { identify, isAlive, type ProcessIdentity } from '../local/process-identity.ts';
import { startPostgres, stopPostgres } from './start-postgres.ts';
import { migrateTemplate } from './template.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The superuser's address of the migrated template: copy it with freshDatabase, never write to it. */
    databaseUrl: string;
    /** The password of every database role in this cluster. */
    databaseRolePassword: string;
  }
}

const prefix = 'tollwright-test-';
const templateName = 'tollwright_template';

/** Starts one cluster for the whole run and migrates its template once. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepAbandoned();
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o711);
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(identify(process.pid)));
  const postgres = await startPostgres({ dataDir: join(folder, 'pg'), durable: false });
  const teardown = async () => {
    await postgres.destroy();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const template = await migrateTemplate(postgres.url, templateName);
    project.provide('databaseUrl', template.databaseUrl);
    project.provide('databaseRolePassword', template.password);
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}

/** Stops the servers of test runs that were killed before they could. */
async function sweepAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    const owner = readOwner(folder);
    if (!owner || isAlive(owner)) continue;
    await stopPostgres(join(folder, 'pg'));
    rmSync(folder, { recursive: true, force: true });
  }
}

function readOwner(folder: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'));
  } catch {
    return null;
  }
}
