import { setTimeout as sleep } from 'node:timers/promises';
import { drainOutbox, ingestSpool, type ServiceContext } from '@tollwright/services';

/** What the worker does with usage and publications, in the test's own process. */
export interface UsageWorker {
  close(): Promise<void>;
}

const EVERY_MS = 50;

/** Takes in what gateways ship, and publishes what comes of it, until it is closed. */
export function startUsageWorker(ctx: ServiceContext): UsageWorker {
  let closed = false;
  const run = async () => {
    while (!closed) {
      for (const spoolId of await ctx.state.inbox.pending()) await ingestSpool(ctx, spoolId);
      await drainOutbox(ctx, { limit: 100 });
      await sleep(EVERY_MS);
    }
  };
  const running = run();
  return {
    async close() {
      closed = true;
      await running;
    },
  };
}
