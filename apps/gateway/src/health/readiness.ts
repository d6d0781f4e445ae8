import type { Gateway } from '../pipeline/gateway.ts';
import type { SpoolProbe } from './spool-probe.ts';

/** Older snapshots may be wrong about what is priced, though never about what is paid: the store is asked on every call. */
export const SNAPSHOT_AGE_MS_MAX = 10_000;

/** One thing that keeps a gateway from deciding calls, in words that say what to do. */
export interface NotReady {
  readonly check: 'draining' | 'store' | 'registered' | 'epoch' | 'spool';
  readonly detail: string;
}

/** Why this gateway cannot decide calls; empty when it can. What follows from another reason is not named. */
export function notReady(gateway: Gateway, spool: SpoolProbe, nowMs: number): NotReady[] {
  const reasons: NotReady[] = [];
  if (gateway.draining) {
    reasons.push({
      check: 'draining',
      detail: 'This gateway was told to stop and finishes its calls. Send calls to another.',
    });
  }
  const ageMs = nowMs - gateway.source.syncedAtMs;
  if (ageMs >= SNAPSHOT_AGE_MS_MAX) reasons.push({ check: 'store', detail: storeDetail(gateway, ageMs) });
  else if (!gateway.enrolled) {
    reasons.push({
      check: 'registered',
      detail:
        'The state store has not taken this gateway yet. It is asked twice a second; if that does not end, the log says why, and `npm run migrate` may be missing.',
    });
  } else if (!gateway.registered) {
    reasons.push({
      check: 'epoch',
      detail:
        'The state store is being restored. It opens once every registered gateway has rejoined and the worker has run: `npm run epoch -- status` says who is awaited.',
    });
  }
  const problem = spool.problem(nowMs);
  if (problem !== null) {
    reasons.push({
      check: 'spool',
      detail: `The spool cannot be written: ${problem}. Free its disk or mend its rights; calls go on by themselves.`,
    });
  }
  return reasons;
}

function storeDetail({ source: { syncedAtMs } }: Gateway, ageMs: number): string {
  const since =
    syncedAtMs === 0 ? 'has not answered since the start' : `has not answered for ${Math.round(ageMs / 1_000)} s`;
  return `The state store ${since}, so snapshots may be old. Check that it runs and that REDIS_URL or STATE_DATABASE_URL reaches it.`;
}
