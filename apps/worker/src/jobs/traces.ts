import { ingestTraces, type ServiceContext } from '@tollwright/services';
import type { QueueSpec } from '../queue.ts';

/** Batches in one run; what is left waits for the next. */
const BATCHES_MAX = 10;

/** Traces of calls from the state store to Postgres, every second. */
export function tracesQueue(ctx: ServiceContext): QueueSpec {
  const run = async () => {
    const sum = { stored: 0, lost: 0 };
    for (let turn = 0, more = true; more && turn < BATCHES_MAX; turn += 1) {
      const done = await ingestTraces(ctx);
      sum.stored += done.stored;
      sum.lost += done.lost;
      more = done.more;
    }
    return sum.stored + sum.lost === 0 ? null : sum;
  };
  return { name: 'traces', concurrency: 1, jobs: [{ name: 'sweep', everyMs: 1_000, run }] };
}
