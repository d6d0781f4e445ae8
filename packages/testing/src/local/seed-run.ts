import { spawn } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { portalEnv, workerEnv } from './app-env.ts';
import { readJson } from './home.ts';
import { openLog, tail } from './log-file.ts';
import type { Plan } from './plan.ts';
import type { SeedResult } from './seed-result.ts';

/** Runs the seed unless this state folder has its result already. */
export async function seed(plan: Plan): Promise<SeedResult> {
  const kept = readJson<SeedResult>(plan.home.seedFile);
  if (kept && kept.upstreamUrl === plan.urls.upstream) return kept;
  const logFile = join(plan.home.logsDir, 'seed.log');
  const script = join(plan.rootDir, 'packages/testing/dist/local/seed/main.js');
  if (!existsSync(script)) throw new Error(`${script} is missing: the build is incomplete.`);
  const code = await run(script, seedEnv(plan), logFile);
  const made = readJson<SeedResult>(plan.home.seedFile);
  if (code !== 0 || !made) throw new Error(`The demo data could not be made:\n${tail(logFile).join('\n')}`);
  return made;
}

function seedEnv(plan: Plan): Record<string, string> {
  return {
    ...portalEnv(plan),
    ...workerEnv(plan),
    OWNER_DATABASE_URL: plan.databaseUrl,
    PORTAL_DATABASE_URL: portalEnv(plan).DATABASE_URL ?? '',
    GATEWAY_URLS: `${plan.urls.gateway},${plan.urls.gateway2}`,
    CHAIN_RPC_URL: plan.urls.rpc,
    PAY_TO: plan.accounts.payToAddress,
    REFUND_KEY: plan.accounts.payToPrivateKey,
    OPERATOR_KEY: plan.accounts.operatorPrivateKey,
    AGENT_PRIVATE_KEY: plan.accounts.agentPrivateKey,
    UPSTREAM_URL: plan.urls.upstream,
    UPSTREAM_TOKEN: plan.secrets.upstreamToken,
    TOLLWRIGHT_SEED_FILE: plan.home.seedFile,
  };
}

function run(script: string, env: Record<string, string>, logFile: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const log = openLog(logFile);
    const child = spawn(process.execPath, [script], { env, stdio: ['ignore', log, log] });
    closeSync(log);
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
