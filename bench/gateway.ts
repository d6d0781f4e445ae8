import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ends } from './ends.ts';
import { type Program, startProgram } from './program.ts';

/** The master key of a gateway and its worker, in their folder. */
export function masterKeyFileIn(folder: string): string {
  return join(folder, 'master.key');
}

/** Starts the built gateway as production runs it, allowed to reach the given loopback upstream. */
export function startGateway(
  ends: Ends,
  options: {
    readonly folder: string;
    readonly storeEnv: Readonly<Record<string, string>>;
    readonly upstreamUrl: string;
    /** Goes before what every gateway is told. */
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<Program> {
  const masterKeyFile = masterKeyFileIn(options.folder);
  writeFileSync(masterKeyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
  mkdirSync(join(options.folder, 'spool'), { recursive: true, mode: 0o700 });
  return startProgram(ends, {
    ...{ name: 'gateway', readyPath: '/readyz' },
    env: (origin) => ({
      ...options.storeEnv,
      SPOOL_DIR: join(options.folder, 'spool'),
      SNAPSHOT_DIR: join(options.folder, 'snapshots'),
      GATEWAY_PUBLIC_URL: origin,
      PORTAL_PUBLIC_URL: origin,
      TOLLWRIGHT_MASTER_KEY_FILE: masterKeyFile,
      TOLLWRIGHT_EGRESS_ALLOW: new URL(options.upstreamUrl).host,
      TOLLWRIGHT_GATEWAY_NAME: 'bench',
      FACILITATOR_URL: 'http://127.0.0.1:9',
      LOG_LEVEL: 'warn',
      ...options.env,
    }),
  });
}
