import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from '../postgres/start-postgres.ts';
import { workerEnv } from './app-env.ts';
import { databaseUrlOn } from './database.ts';
import type { LauncherEnv } from './env.ts';
import { homePaths, readJson } from './home.ts';
import { makePlan, type Plan } from './plan.ts';
import { runningLauncher } from './run-file.ts';
import { openSecrets } from './secrets.ts';

/** Runs the worker's rebuild on the local state, whether the product runs or not. Answers its exit code. */
export async function rebuild(env: LauncherEnv, args: string[]): Promise<number> {
  const home = homePaths(env.homeDir);
  const ports = readJson<Plan['ports']>(home.portsFile);
  if (!ports || !existsSync(home.secretsFile)) throw new Error(`There is no local state in ${env.homeDir} yet.`);
  const postgres = await startPostgres({ dataDir: home.postgresDir, port: ports.postgres });
  const allPorts = { ...ports, portal: env.portalPort, gateway: env.gatewayPort };
  const databaseUrl = databaseUrlOn(postgres.url);
  const plan = makePlan({ env, home, ports: allPorts, secrets: openSecrets(home), databaseUrl });
  try {
    return await run(join(plan.rootDir, 'apps/worker/dist/rebuild.js'), args, workerEnv(plan));
  } finally {
    if (runningLauncher(home) === null) await postgres.stop();
  }
}

function run(script: string, args: string[], env: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { env, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
