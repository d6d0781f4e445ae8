import {
  checkLedger,
  expireCredit,
  purgeTraces,
  purgeWebhooks,
  type ServiceContext,
  storeLosses,
  warnOfExpiry,
} from '@tollwright/services';
import type { QueueSpec } from '../queue.ts';

/** What keeps the house in order: credit that expires every half minute, the ledger's equations every five minutes, days that ended at a loss, old traces
 * and webhooks every ten, old state each hour. */
export function upkeepQueue(ctx: ServiceContext): QueueSpec {
  const ledger = async () => {
    const violations = await checkLedger(ctx);
    for (const violation of violations) ctx.onError('check the ledger', new Error(JSON.stringify(violation)));
    return violations.length === 0 ? null : { violations: violations.length };
  };
  const purge = async () => {
    await ctx.state.purge();
    return {};
  };
  const traces = async () => {
    const { purged } = await purgeTraces(ctx);
    return purged === 0 ? null : { purged };
  };
  const webhooks = async () => {
    const { purged } = await purgeWebhooks(ctx);
    return purged === 0 ? null : { purged };
  };
  const credit = async () => {
    const { grants, waiting } = await expireCredit(ctx);
    const told = await warnOfExpiry(ctx);
    return grants + waiting + told === 0 ? null : { expired: grants, waiting, told };
  };
  let lossesUntil = '';
  const losses = async () => {
    const { until, opened } = await storeLosses(ctx, lossesUntil);
    lossesUntil = until;
    return opened === 0 ? null : { opened };
  };
  return {
    name: 'upkeep',
    concurrency: 1,
    jobs: [
      { name: 'credit', everyMs: 30_000, run: credit },
      { name: 'ledger', everyMs: 300_000, run: ledger },
      { name: 'losses', everyMs: 600_000, run: losses },
      { name: 'purge', everyMs: 3_600_000, run: purge },
      { name: 'traces', everyMs: 600_000, run: traces },
      { name: 'webhooks', everyMs: 600_000, run: webhooks },
    ],
  };
}
