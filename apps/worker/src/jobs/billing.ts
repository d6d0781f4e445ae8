import { advanceBilling, dunInvoices, type ServiceContext } from '@tollwright/services';
import type { QueueSpec } from '../queue.ts';

/** Opens and closes billing cycles and issues invoices, and reminds of those that are not paid. Few customers have something due at a time. */
export function billingQueue(ctx: ServiceContext): QueueSpec {
  const advance = async () => {
    const { customers, invoices } = await advanceBilling(ctx);
    return customers === 0 ? null : { customers, invoices };
  };
  const dun = async () => {
    const round = await dunInvoices(ctx);
    return Object.values(round).every((count) => count === 0) ? null : { ...round };
  };
  return {
    name: 'billing',
    concurrency: 1,
    jobs: [
      { name: 'advance', everyMs: 10_000, run: advance },
      { name: 'dunning', everyMs: 60_000, run: dun },
    ],
  };
}
