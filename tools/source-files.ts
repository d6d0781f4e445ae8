import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the repository, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Every file that is, or is about to be, in the repository: tracked or untracked, never an ignored one. */
export function repositoryFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(ROOT + path)).sort();
}

/** TypeScript and JavaScript sources among them. */
export function sourceFiles(): readonly string[] {
  return repositoryFiles().filter((path) => /\.(ts|tsx|mts|mjs|js)$/.test(path));
}

/** The text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(ROOT + path, 'utf8');
}
