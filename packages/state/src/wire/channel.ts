import { channelRecord } from '@tollwright/contracts';
import { z } from 'zod';
import type { Channel } from '../channel-store.ts';

const amount = z.string().transform((text) => BigInt(text));
const wireChannel = z.object({
  channelKey: z.string(),
  state: z.enum(['open', 'closing', 'closed']),
  record: channelRecord.nullable(),
  depositAtomic: amount,
  settledAtomic: amount,
  spentAtomic: amount,
  heldAtomic: amount,
  voucherAtomic: amount.nullable(),
  signature: z.string().nullable(),
  transaction: z.string().nullable(),
});

/** A channel as stores write it: amounts as digits. */
export type WireChannel = z.input<typeof wireChannel>;

/** Reads a channel as a store wrote it. */
export function toChannel(wire: WireChannel): Channel {
  const { voucherAtomic, signature, ...channel } = wireChannel.parse(wire);
  const voucher = voucherAtomic === null || signature === null ? null : { cumulativeAtomic: voucherAtomic, signature };
  return { ...channel, voucher };
}
