import type { DbWallet } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

export const walletOutput = z.object({
  id: z.string(),
  network: z.string().meta({ description: 'CAIP-2, such as eip155:8453' }),
  asset: z.string(),
  tokenName: z.string(),
  tokenVersion: z.string(),
  decimals: z.int(),
  payTo: z.string(),
  livemode: z.boolean(),
  createdAt: z.string(),
});
export type WalletOutput = z.output<typeof walletOutput>;

export function toWallet(row: DbWallet): WalletOutput {
  const { id, network, asset, tokenName, tokenVersion, decimals, payTo, livemode } = row;
  const createdAt = toTimestamp(row.createdAt);
  return { id, network, asset, tokenName, tokenVersion, decimals, payTo, livemode, createdAt };
}
