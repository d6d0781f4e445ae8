import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** Names this run of the machine's kernel: what was written before it by write(2) alone may be gone after it changes. */
export function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return `boot-${Math.round((Date.now() / 1000 - uptime()) / 10)}`;
  }
}
