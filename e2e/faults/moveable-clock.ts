import { renameSync, writeFileSync } from 'node:fs';

/** A clock of processes that load `imported`: as far ahead of this machine's as was said last. */
export interface MoveableClock {
  readonly imported: string;
  move(aheadMs: number): void;
}

/** `file` says how far ahead it is. */
export function moveableClock(file: string): MoveableClock {
  const move = (aheadMs: number) => {
    writeFileSync(`${file}.new`, `${aheadMs}`);
    renameSync(`${file}.new`, file);
  };
  move(0);
  return { imported: `${new URL('clocks/host-clock.mjs', import.meta.url)}?file=${file}`, move };
}
