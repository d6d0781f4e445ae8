import { setTimeout as sleep } from 'node:timers/promises';
import type { Settlement, SettleOrder } from '@tollwright/payments';
import type { PaidCall } from './paid-call.ts';

/** Between two attempts. Whoever starts anew is back by then, and a worker leaves a settlement to its gateway for longer. */
const AGAIN_AFTER_MS: readonly number[] = [1_000, 3_000, 9_000, 27_000];
const PATIENCE_MS = 45_000;

/**
 * Settles what was served on trust. Its caller has the answer and shows nothing again, and what was signed is kept nowhere but
 * here: whoever takes the money and does not answer is asked again, while what was signed is good and this gateway runs.
 */
export async function settlePatiently(
  { visit: { gateway }, payment, ledger }: Pick<PaidCall, 'visit' | 'payment' | 'ledger'>,
  order: SettleOrder,
): Promise<Settlement> {
  const untilMs = Math.min(Date.now() + PATIENCE_MS, payment.validBeforeMs);
  for (const waitMs of AGAIN_AFTER_MS) {
    const settlement = await payment.settle(order);
    if (settlement.kind !== 'unknown' || settlement.isUnanswered !== true) return settlement;
    if (gateway.draining || Date.now() + waitMs >= untilMs) return settlement;
    const { paymentId } = ledger.record;
    gateway.log.warn(
      { paymentId, reason: settlement.reason, waitMs },
      'a settlement has no answer and is asked for again',
    );
    await sleep(waitMs);
  }
  return payment.settle(order);
}
