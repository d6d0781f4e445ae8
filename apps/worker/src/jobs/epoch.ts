import { keepEpoch, type ServiceContext } from '@tollwright/services';
import type { QueueSpec } from '../queue.ts';

/** The state store's epoch, twice a second: a store that was lost is noticed and, once all gateways have rejoined, restored. */
export function epochQueue(ctx: ServiceContext): QueueSpec {
  let told = '';
  const keep = async () => {
    const kept = await keepEpoch(ctx);
    const news = JSON.stringify(kept);
    if (kept.kind === 'open' || news === told) return null;
    told = news;
    return { ...kept };
  };
  return { name: 'epoch', concurrency: 1, jobs: [{ name: 'keep', everyMs: 500, run: keep }] };
}
