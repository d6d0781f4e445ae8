import { z } from 'zod';
import { paymentRail } from './payment.ts';

/** A deposit on a chain that a payer spends by vouchers, as gateways and worker know it. */
export const channelRecord = z.object({
  /** Names it once and for ever: `channel:<network>:<channel id>`. */
  channelKey: z.string().startsWith('channel:'),
  rail: paymentRail,
  providerId: z.string(),
  livemode: z.boolean(),
  network: z.string(),
  asset: z.string(),
  payer: z.string(),
  payTo: z.string(),
  /** What its rail needs to settle it. */
  details: z.record(z.string(), z.string()),
});
export type ChannelRecord = z.output<typeof channelRecord>;

/** Counters are exact up to here, in the smallest unit of what is paid with. */
export const CHANNEL_ATOMIC_MAX = 9_000_000_000_000_000n;

/** The claim of the call that a voucher pays for: one call an amount. */
export function voucherClaimKey(channelKey: string, cumulativeAtomic: bigint): string {
  return `${channelKey}#${cumulativeAtomic}`;
}

/** The channel that a claim takes from; null for a claim of any other kind. */
export function channelKeyOf(claimKey: string): string | null {
  if (!claimKey.startsWith('channel:')) return null;
  const end = claimKey.indexOf('#');
  return end === -1 ? null : claimKey.slice(0, end);
}
