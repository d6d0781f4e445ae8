import type { PaymentRecord } from '@tollwright/contracts';
import type { Resolution } from '../../rail.ts';

/**
 * How a call ended that was paid by a voucher, and whose gateway is gone. From `settling` on the upstream has done its work, and
 * the voucher is good without anybody's help. Before that nobody was served: the voucher may pay again.
 */
export function resolveVoucher({ state, details }: PaymentRecord): Resolution {
  if (state === 'settling' || state === 'unknown') return { kind: 'settled', transaction: details.channelId ?? '' };
  return { kind: 'released', reason: 'the gateway ended before the call was answered' };
}
