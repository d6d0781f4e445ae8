import { readFileSync } from 'node:fs';

/** A document as an earlier release wrote it. Its file never changes: it stands for what lies on disks and in queues. */
export function readFixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}.jsonl`, import.meta.url), 'utf8').trimEnd();
}
