import type { UsageEvent } from '@tollwright/contracts';

/** Answers that ask to be asked again, besides those of failed servers. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);
const CALLER_GONE = 499;

type Ended = Pick<UsageEvent, 'chargedNanoUsd' | 'charges' | 'status' | 'decision'>;

/** Whether something was charged for a call: money, or units of a quota. */
export function isBilled({ chargedNanoUsd, charges }: Pick<Ended, 'chargedNanoUsd' | 'charges'>): boolean {
  return chargedNanoUsd > 0n || charges.length > 0;
}

/** Whether a call that failed may be made again under its key: nothing was charged, and its answer is no answer to keep. */
export function isFreed(ended: Ended): boolean {
  const { status, decision } = ended;
  // Nobody saw the end of an interrupted call: the upstream may have done all of it.
  if (decision === 'interrupted' || isBilled(ended)) return false;
  return status >= 500 || status === CALLER_GONE || status === 0 || PASSING.has(status);
}
