import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The paths of the state folder. */
export interface Home {
  dir: string;
  masterKeyFile: string;
  secretsFile: string;
  portsFile: string;
  /** Who launched, and which children were left to that launcher. */
  processesFile: string;
  postgresFile: string;
  seedFile: string;
  localFile: string;
  mailDir: string;
  logsDir: string;
  postgresDir: string;
  chainFile: string;
  chain2File: string;
  tempoFile: string;
}

/** Makes the state folder with its master key. Others may pass through it (PostgreSQL's user must), not look into it. */
export function openHome(dir: string): Home {
  const home = homePaths(dir);
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  chmodSync(dir, 0o711);
  for (const folder of [home.mailDir, home.logsDir]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(home.masterKeyFile)) {
    writeFileSync(home.masterKeyFile, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  }
  return home;
}

/** The same paths, nothing made. */
export function homePaths(dir: string): Home {
  return {
    dir,
    masterKeyFile: join(dir, 'master.key'),
    secretsFile: join(dir, 'secrets.json'),
    portsFile: join(dir, 'ports.json'),
    processesFile: join(dir, 'processes.json'),
    postgresFile: join(dir, 'postgres.json'),
    seedFile: join(dir, 'seed.json'),
    localFile: join(dir, 'local.json'),
    mailDir: join(dir, 'mail'),
    logsDir: join(dir, 'logs'),
    postgresDir: join(dir, 'pg'),
    chainFile: join(dir, 'chain.json'),
    chain2File: join(dir, 'chain-2.json'),
    tempoFile: join(dir, 'tempo.json'),
  };
}

/** Reads a JSON file of the state folder; null when there is none or an interrupted writer left half of one. */
export function readJson<T>(path: string): T | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return null;
  }
}

/** Replaces a JSON file in one step, readable by its owner only. */
export function writeJson(path: string, value: unknown): void {
  const next = `${path}.new`;
  writeFileSync(next, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, path);
}
