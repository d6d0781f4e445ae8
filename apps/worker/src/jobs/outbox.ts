import { drainOutbox, type ServiceContext } from '@tollwright/services';
import type { QueueSpec } from '../queue.ts';

/** Sends what a process left in the outbox: publications and mail. */
export function outboxQueue(ctx: ServiceContext): QueueSpec {
  const run = async () => {
    const { sent, failed } = await drainOutbox(ctx, { limit: 200 });
    return sent + failed === 0 ? null : { sent, failed };
  };
  return { name: 'outbox', concurrency: 1, jobs: [{ name: 'drain', everyMs: 500, run }] };
}
