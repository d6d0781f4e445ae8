import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Ends } from './ends.ts';
import { freePort, stopChild } from './process.ts';

const ENTRY = resolve(import.meta.dirname, '../apps/gateway/dist/main.js');

/** Starts the built gateway as production runs it, allowed to reach the given loopback upstream. */
export async function startGateway(
  ends: Ends,
  options: { folder: string; storeEnv: Record<string, string>; upstreamUrl: string },
): Promise<{ process: ChildProcess; origin: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const masterKeyFile = join(options.folder, 'master.key');
  writeFileSync(masterKeyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
  mkdirSync(join(options.folder, 'spool'), { recursive: true, mode: 0o700 });
  const child = spawn(process.execPath, [ENTRY], {
    env: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      ...options.storeEnv,
      SPOOL_DIR: join(options.folder, 'spool'),
      SNAPSHOT_DIR: join(options.folder, 'snapshots'),
      GATEWAY_PUBLIC_URL: url,
      PORTAL_PUBLIC_URL: url,
      TOLLWRIGHT_MASTER_KEY_FILE: masterKeyFile,
      TOLLWRIGHT_EGRESS_ALLOW: new URL(options.upstreamUrl).host,
      TOLLWRIGHT_GATEWAY_NAME: 'bench',
      FACILITATOR_URL: 'http://127.0.0.1:9',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  ends.push(() => stopChild(child));
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}`);
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return { process: child, origin: url };
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error('the gateway was not ready within 10 s');
}
