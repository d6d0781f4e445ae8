import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository's root, from `src` and from `dist` alike. */
export const repositoryRoot = fileURLToPath(new URL('../../../../', import.meta.url));

/** Applies the Prisma migrations that this database lacks. Throws with the CLI's own words. */
export function migrateSchema(databaseUrl: string): Promise<void> {
  return runMigration(['tools/prisma.mjs', 'migrate', 'deploy'], { DATABASE_URL: databaseUrl });
}

/** Runs a program of the repository that migrates. Throws with its own words. */
export function runMigration(command: string[], env: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, {
      cwd: repositoryRoot,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The database could not be migrated:\n${output.trim()}`));
    });
  });
}
