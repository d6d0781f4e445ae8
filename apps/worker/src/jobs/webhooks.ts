import { type DueWebhook, endWebhookAttempt, type ServiceContext, takeDueWebhooks } from '@tollwright/services';
import type { QueueSpec } from '../queue.ts';
import { attemptWebhook } from './webhook-attempt.ts';

/** Under way at once: to one endpoint, and in all. */
const OF_ENDPOINT = 5;
const AT_ONCE_MAX = 100;
/** So long a round waits for what it began; what is slower goes on beside the rounds after it. */
const ROUND_MS = 900;

/**
 * Sends webhooks that are due. A delivery is taken before it is sent and ended after, so that one whose worker dies in between is
 * sent again with the same id.
 */
export function webhooksQueue(ctx: ServiceContext, roundMs = ROUND_MS): QueueSpec {
  const underWay = new Map<string, { readonly endpointId: string; readonly done: Promise<void> }>();
  const begin = (due: DueWebhook, counts: Record<string, number>) => {
    const done = carryOut(ctx, due)
      .then((end) => {
        counts[end] = (counts[end] ?? 0) + 1;
      })
      .finally(() => underWay.delete(due.deliveryId));
    underWay.set(due.deliveryId, { endpointId: due.endpointId, done });
  };
  const run = async () => {
    const counts: Record<string, number> = {};
    const until = Date.now() + roundMs;
    while (Date.now() < until) {
      const running = [...underWay.values()];
      const atMost = AT_ONCE_MAX - running.length;
      const due = await takeDueWebhooks(ctx, { ofEndpoint: OF_ENDPOINT, atMost, busy: busyOf(running) });
      for (const one of due) begin(one, counts);
      if (underWay.size === 0) break;
      await firstWithin(
        [...underWay.values()].map(({ done }) => done),
        until - Date.now(),
      );
    }
    return Object.keys(counts).length === 0 ? null : counts;
  };
  return { name: 'webhooks', concurrency: 1, jobs: [{ name: 'deliver', everyMs: 1_000, run }] };
}

async function carryOut(ctx: ServiceContext, due: DueWebhook): Promise<string> {
  try {
    return await endWebhookAttempt(ctx, due, await attemptWebhook(ctx, due));
  } catch (error) {
    ctx.onError(`webhook ${due.deliveryId}`, error);
    return 'unwritten';
  }
}

/** Endpoints that have as many under way as they may. */
function busyOf(running: readonly { readonly endpointId: string }[]): string[] {
  const counts = new Map<string, number>();
  for (const { endpointId } of running) counts.set(endpointId, (counts.get(endpointId) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= OF_ENDPOINT).map(([endpointId]) => endpointId);
}

/** Until one has ended, or so long. */
async function firstWithin(promises: readonly Promise<void>[], ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((done) => {
    timer = setTimeout(done, Math.max(0, ms));
  });
  await Promise.race([...promises, timeout]);
  clearTimeout(timer);
}
