import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../postgres/migrate.ts';
import { stopPostgres } from '../postgres/start-postgres.ts';
import { homePaths, readJson } from './home.ts';
import { endLeftovers } from './run-file.ts';

const ours = /^(master\.key|(secrets|ports|processes|postgres|seed|local|chain)\.json.*|mail|logs|pg.*|gateway-\d+)$/;

/** Removes the state of local mode, and nothing else that stands in that folder. Refuses while it runs. */
export async function reset(homeDir: string): Promise<string[]> {
  const home = homePaths(homeDir);
  if (!existsSync(home.masterKeyFile)) return [];
  await endLeftovers(home, repositoryRoot);
  if (existsSync(`${home.postgresDir}.password`)) await stopPostgres(home.postgresDir);
  const elsewhere = readJson<{ elsewhere: string | null }>(home.postgresFile)?.elsewhere;
  const removed = readdirSync(homeDir)
    .filter((name) => ours.test(name))
    .map((name) => join(homeDir, name));
  if (elsewhere?.startsWith('/var/tmp/tollwright-')) removed.push(elsewhere);
  for (const path of removed) rmSync(path, { recursive: true, force: true });
  if (readdirSync(homeDir).length === 0) rmdirSync(homeDir);
  return removed;
}
