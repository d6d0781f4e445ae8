import { afterBurning, type BurntPart, burnCredit, type NanoUsd, nanoUsd } from '@tollwright/core';
import type { Lot } from './lots.ts';

const BEFORE_ALL_EXPIRY = Number.NEGATIVE_INFINITY;

/** What a draw took, and what its balance then is. */
export interface Drawn {
  readonly parts: readonly BurntPart[];
  readonly lots: readonly Lot[];
  readonly overdrawnNanoUsd: NanoUsd;
}

/**
 * Burns what is owed over a balance's grants in their order. Grants that have expired and were not taken out yet come after all
 * others: gateways still let calls pass for them, and no customer is to owe such a call.
 */
export function burnOwed(owedNanoUsd: bigint, lots: readonly Lot[], atMs: number): Drawn {
  const live = burnCredit(nanoUsd(owedNanoUsd), lots, atMs);
  const rest = afterBurning(lots, live);
  const expired = burnCredit(live.missingNanoUsd, rest, BEFORE_ALL_EXPIRY);
  return {
    parts: [...live.parts, ...expired.parts],
    lots: afterBurning(rest, expired),
    overdrawnNanoUsd: expired.missingNanoUsd,
  };
}

/** What grants surely have left once calls are stored that hold or have drawn so much, whichever of them it was. */
export function surelyLeft(pendingNanoUsd: bigint, lots: readonly Lot[]): readonly Lot[] {
  return burnOwed(pendingNanoUsd, lots, BEFORE_ALL_EXPIRY).lots;
}
