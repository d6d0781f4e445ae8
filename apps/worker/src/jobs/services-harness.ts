import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openServices } from '@tollwright/services';
import { createPostgresState, type StatePort } from '@tollwright/state';
import { type FreshDatabase, freshDatabase } from '@tollwright/testing';

type Services = ReturnType<typeof openServices>;

/** The worker's services on a database of their own, with the state port as gateways have it. */
export interface JobsHarness {
  readonly database: FreshDatabase;
  readonly services: Services;
  readonly gateway: StatePort;
  /** What was told to operators, oldest first. */
  readonly errors: readonly string[];
  /** Services as another role of the database, by the same master key. */
  openAs(role: 'tollwright_portal' | 'tollwright_worker'): Services;
  close(): Promise<void>;
}

/** `egressAllow`: the loopback `host:port` pairs that may be asked. */
export async function openJobsHarness(egressAllow: readonly string[]): Promise<JobsHarness> {
  const database = await freshDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'tollwright-jobs-'));
  writeFileSync(join(folder, 'master.key'), randomBytes(32).toString('base64'));
  const errors: string[] = [];
  const openAs: JobsHarness['openAs'] = (role) =>
    openServices({
      databaseUrl: database.urlAs(role),
      stateDatabaseUrl: database.urlAs(role),
      poolMax: 4,
      masterKeyFile: join(folder, 'master.key'),
      egressAllow: [...egressAllow],
      publicUrls: { portalUrl: 'http://portal.test', gatewayUrl: 'http://gateway.test' },
      signup: 'closed',
      mail: { directory: folder },
      mailFrom: 'test@tollwright.test',
      onError: (what, error) => errors.push(`${what}: ${String(error)}`),
    });
  const services = openAs('tollwright_worker');
  const gateway = createPostgresState({ connectionString: database.urlAs('tollwright_gateway') });
  return {
    ...{ database, services, gateway, errors, openAs },
    async close() {
      await Promise.all([services.close(), gateway.close()]);
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
