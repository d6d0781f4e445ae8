import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPg } from './pg-command.ts';
import { handOver, type PostgresPlace } from './place.ts';
import type { SystemUser } from './system-user.ts';

/**
 * Makes the cluster unless it stands; answers whether it did. It gets its name when complete, so that an interrupted
 * attempt leaves none.
 */
export async function initCluster(place: PostgresPlace, user: SystemUser | null, password: string): Promise<boolean> {
  if (existsSync(join(place.clusterDir, 'PG_VERSION'))) return false;
  const partial = `${place.clusterDir}.partial`;
  const passwordFile = `${place.clusterDir}.pwfile`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  handOver(partial, user);
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  handOver(passwordFile, user);
  try {
    const made = await runPg('initdb', initArguments(partial, passwordFile), { ...place, user });
    if (made.code !== 0) throw new Error(`PostgreSQL's cluster could not be made:\n${made.output}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(partial, place.clusterDir);
  return true;
}

function initArguments(folder: string, passwordFile: string): string[] {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const login = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  return ['-D', folder, ...login, ...locale, '--no-sync', '--no-instructions'];
}
