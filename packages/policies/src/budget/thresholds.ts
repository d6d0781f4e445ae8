import type { Notice } from '@tollwright/contracts';
import type { Watch } from '../policy.ts';

/** Where a watched limit stands in one period. `used` is what is spent, without what running calls hold. */
export interface Use {
  readonly node: string;
  readonly periodId: string;
  readonly used: bigint;
}

const REMEMBERED_MAX = 10_000;

/**
 * Tells which thresholds a limit has reached that this process has not told of in the period. The id of a notice names
 * node, period and threshold, so that whoever keeps notices keeps each once.
 */
export function createThresholds(): (watch: Watch, use: Use) => readonly Notice[] {
  const told = new Map<string, number>();
  return ({ limit, thresholds }, { node, periodId, used }) => {
    const first = thresholds[0];
    if (first === undefined || used * 100n < limit * BigInt(first)) return NONE;
    const key = `${node}:${periodId}`;
    const last = told.get(key) ?? 0;
    const reached = thresholds.filter((percent) => percent > last && used * 100n >= limit * BigInt(percent));
    if (reached.length === 0) return NONE;
    if (told.size >= REMEMBERED_MAX) told.clear();
    told.set(key, Math.max(...reached));
    return reached.map((percent) => ({
      kind: 'threshold',
      id: `${key}:${percent}`,
      ...{ node, periodId, percent, limit: limit.toString(), used: used.toString() },
    }));
  };
}

const NONE: readonly Notice[] = [];
