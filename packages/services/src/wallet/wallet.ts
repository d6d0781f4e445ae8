import { transferMethod } from '@tollwright/contracts';
import type { DbWallet } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

const walletKind = z.enum(['x402', 'tempo']);

export const walletOutput = z.object({
  id: z.string(),
  kind: walletKind.meta({ description: "Token authorizations, or Tempo's own transactions" }),
  network: z.string().meta({ description: 'CAIP-2, such as eip155:8453' }),
  asset: z.string(),
  tokenName: z.string(),
  tokenVersion: z.string(),
  decimals: z.int(),
  transferMethods: z.array(transferMethod).nullable().meta({
    description:
      'How the token may come: by its own authorizations, by Permit2. Null: fixed prices by the first, ceilings by the second',
  }),
  payTo: z.string(),
  refundFrom: z.string().nullable().meta({ description: 'Where refunds come from; null: none can be sent' }),
  livemode: z.boolean(),
  createdAt: z.string(),
});
export type WalletOutput = z.output<typeof walletOutput>;

export function toWallet(row: DbWallet): WalletOutput {
  const { id, kind, network, asset, tokenName, tokenVersion, decimals, payTo, refundFrom, livemode } = row;
  const createdAt = toTimestamp(row.createdAt);
  return {
    id,
    kind: walletKind.parse(kind),
    network,
    asset,
    tokenName,
    tokenVersion,
    decimals,
    transferMethods: row.transferMethods.length === 0 ? null : z.array(transferMethod).parse(row.transferMethods),
    payTo,
    refundFrom,
    livemode,
    createdAt,
  };
}
