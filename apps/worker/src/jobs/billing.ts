import { advanceBilling, type ServiceContext } from '@tollwright/services';
import type { QueueSpec } from '../queue.ts';

/** Opens and closes billing cycles and issues invoices. Few customers have something due at a time. */
export function billingQueue(ctx: ServiceContext): QueueSpec {
  const advance = async () => {
    const { customers, invoices } = await advanceBilling(ctx);
    return customers === 0 ? null : { customers, invoices };
  };
  return { name: 'billing', concurrency: 1, jobs: [{ name: 'advance', everyMs: 10_000, run: advance }] };
}
