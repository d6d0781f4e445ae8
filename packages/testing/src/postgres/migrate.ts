import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository's root, from `src` and from `dist` alike. */
export const repositoryRoot = fileURLToPath(new URL('../../../../', import.meta.url));

/** Applies the Prisma migrations that this database lacks. Throws with the CLI's own words. */
export async function migrateSchema(databaseUrl: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const result = await new Promise<{ code: number; output: string }>((resolve, reject) => {
    const child = spawn(process.execPath, ['tools/prisma.mjs', 'migrate', 'deploy'], {
      cwd: repositoryRoot,
      env: { ...env, DATABASE_URL: databaseUrl },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
  if (result.code !== 0) throw new Error(`The database could not be migrated:\n${result.output.trim()}`);
}
