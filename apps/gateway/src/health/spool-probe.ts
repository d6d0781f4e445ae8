import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PROBE_EVERY_MS = 1_000;
const PROBE_NAME = '.probe';
const FREE_BYTES_MIN = 32 * 1024 * 1024;
const PROBE = Buffer.alloc(4_096);

/** Whether the spool's disk takes records, tried at most once a second however often it is asked. */
export interface SpoolProbe {
  /** Null when it does, else why not. */
  problem(nowMs: number): string | null;
}

/** Probes a spool folder by writing to it, and leaves nothing behind. */
export function createSpoolProbe(dir: string, freeBytesMin = FREE_BYTES_MIN): SpoolProbe {
  let probedAtMs = Number.NEGATIVE_INFINITY;
  let found: string | null = null;
  return {
    problem(nowMs) {
      if (nowMs - probedAtMs < PROBE_EVERY_MS) return found;
      probedAtMs = nowMs;
      found = probe(dir, freeBytesMin);
      return found;
    },
  };
}

function probe(dir: string, freeBytesMin: number): string | null {
  const path = join(dir, PROBE_NAME);
  try {
    const { bavail, bsize } = statfsSync(dir);
    const freeBytes = bavail * bsize;
    if (freeBytes < freeBytesMin) return `only ${freeBytes} bytes are free on its disk`;
    writeFileSync(path, PROBE, { mode: 0o600 });
    rmSync(path);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'it failed';
  }
}
