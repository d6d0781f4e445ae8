import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, statSync } from 'node:fs';

const rotateBytes = 20 * 1024 * 1024;
const tailBytes = 16 * 1024;

/** Opens a child's log for appending; a large one from earlier runs moves aside. */
export function openLog(path: string): number {
  if (existsSync(path) && statSync(path).size > rotateBytes) renameSync(path, `${path}.old`);
  return openSync(path, 'a', 0o600);
}

/** The last lines of a log, or an empty list. */
export function tail(path: string, lines = 12): string[] {
  if (!existsSync(path)) return [];
  const { size } = statSync(path);
  if (size <= tailBytes) return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines);
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(tailBytes);
  readSync(file, buffer, 0, tailBytes, size - tailBytes);
  closeSync(file);
  return buffer.toString('utf8').trimEnd().split('\n').slice(-lines);
}
