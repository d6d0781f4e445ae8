import { nanoUsdText } from '@tollwright/contracts';
import type { DbPaymentChannel } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

/** The chain lets a payer take what is left so long after it asked for the end of its channel. */
const GRACE_MS = 900_000;

export const channelState = z.enum(['open', 'closing', 'closed']);
export const channelKey = z
  .string()
  .max(100)
  .regex(/^channel:[a-z0-9:-]+$/, 'must be the id of a channel')
  .meta({ description: 'Id of a channel: `channel:<network>:<channel id>`' });

const atomic = z.string().meta({ description: "In the token's smallest unit" });

/** A payment channel, as the console and the API show it. */
export const channelOutput = z.object({
  id: channelKey,
  state: channelState.meta({ description: 'closing: nothing is paid by it any more, and its end is on its way' }),
  rail: z.string(),
  livemode: z.boolean(),
  network: z.string().meta({ description: 'CAIP-2, such as eip155:4217' }),
  asset: z.string(),
  payer: z.string(),
  payTo: z.string(),
  customerId: z.string().nullable(),
  agentId: z
    .string()
    .nullable()
    .meta({ description: 'Whose key was beside the first of its payments that had one; null for strangers' }),
  depositAtomic: atomic.nullable().meta({ description: 'What its chain holds; null until it was read' }),
  depositNanoUsd: nanoUsdText.nullable(),
  voucherAtomic: atomic.meta({ description: 'What the highest voucher signs' }),
  voucherNanoUsd: nanoUsdText,
  spentAtomic: atomic.meta({ description: 'What calls have cost' }),
  spentNanoUsd: nanoUsdText,
  leftAtomic: atomic.nullable().meta({ description: 'Of the deposit and not spent; null until the deposit was read' }),
  leftNanoUsd: nanoUsdText.nullable(),
  settledAtomic: atomic.meta({ description: 'What its chain has paid out' }),
  settledNanoUsd: nanoUsdText,
  unsettledAtomic: atomic.meta({ description: 'Spent and not settled' }),
  unsettledNanoUsd: nanoUsdText,
  unsettledSince: z.string().nullable(),
  usedAt: z.string().meta({ description: 'When a call was paid by it last' }),
  closesAt: z.string().nullable().meta({
    description:
      'From when its payer, who asked the chain to close it, may take what is left; null where it did not ask',
  }),
  transaction: z.string().nullable().meta({ description: 'Hash of the transaction that closed it' }),
});
export type ChannelOutput = z.output<typeof channelOutput>;

export function toChannelOutput(row: DbPaymentChannel): ChannelOutput {
  const { id, rail, livemode, network, asset, payer, payTo, nanoUsdPerAtomic, closeRequestedAt } = row;
  const worth = (amountAtomic: bigint) => (amountAtomic * nanoUsdPerAtomic).toString();
  const { depositAtomic, voucherAtomic, spentAtomic, settledAtomic } = row;
  const leftAtomic = depositAtomic === null ? null : depositAtomic > spentAtomic ? depositAtomic - spentAtomic : 0n;
  const unsettledAtomic = spentAtomic > settledAtomic ? spentAtomic - settledAtomic : 0n;
  return {
    ...{ id, state: channelState.parse(row.state), rail, livemode, network, asset, payer, payTo },
    ...{ customerId: row.customerId, agentId: row.agentId },
    depositAtomic: depositAtomic?.toString() ?? null,
    depositNanoUsd: depositAtomic === null ? null : worth(depositAtomic),
    ...{ voucherAtomic: `${voucherAtomic}`, voucherNanoUsd: worth(voucherAtomic) },
    ...{ spentAtomic: `${spentAtomic}`, spentNanoUsd: worth(spentAtomic) },
    ...{ leftAtomic: leftAtomic?.toString() ?? null, leftNanoUsd: leftAtomic === null ? null : worth(leftAtomic) },
    ...{ settledAtomic: `${settledAtomic}`, settledNanoUsd: worth(settledAtomic) },
    ...{ unsettledAtomic: `${unsettledAtomic}`, unsettledNanoUsd: worth(unsettledAtomic) },
    unsettledSince: toTimestamp(row.unsettledSince),
    usedAt: toTimestamp(row.usedAt),
    closesAt:
      closeRequestedAt === null || row.state === 'closed' ? null : new Date(+closeRequestedAt + GRACE_MS).toISOString(),
    transaction: row.transactionHash === '' ? null : row.transactionHash,
  };
}
