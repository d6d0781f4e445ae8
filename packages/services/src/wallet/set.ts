import { x402Wallet } from '@tollwright/contracts';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { invalid } from '../refusals.ts';
import { checksumAddress, evmAddress } from './evm-address.ts';
import { KNOWN_TOKENS } from './known-tokens.ts';
import { toWallet, type WalletOutput, walletOutput } from './wallet.ts';

const token = z.object({
  asset: evmAddress,
  name: z.string().min(1).max(64).meta({ description: 'EIP-712 domain name of the token' }),
  version: z.string().min(1).max(16).meta({ description: 'EIP-712 domain version of the token' }),
  decimals: z.int().min(0).max(18),
});

export const setWalletInput = z.object({
  providerId,
  network: x402Wallet.shape.network,
  payTo: evmAddress.meta({ description: 'Where payments go' }),
  token: token.optional().meta({ description: 'A dollar token; USDC on Base and Base Sepolia unless given' }),
  livemode: z.boolean().optional(),
});
export const setWalletOutput = walletOutput;

/** Sets where x402 payments of strangers go on one network. It replaces the wallet that was there for the same token. */
export async function setWallet(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof setWalletInput>,
): Promise<WalletOutput> {
  const wanted = parse(setWalletInput, input);
  const { providerId, network } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'write');
  const chosen = tokenOf(network, wanted.token);
  const livemode = wanted.livemode ?? true;
  return change(ctx, access, async (step) => {
    await step.tx.wallet.updateMany({
      where: { providerId, network, asset: chosen.asset, livemode, archivedAt: null },
      data: { archivedAt: step.now },
    });
    const row = await step.tx.wallet.create({
      data: {
        id: step.id('wallet'),
        providerId,
        livemode,
        network,
        ...chosen,
        payTo: checksumAddress(wanted.payTo),
        createdAt: step.now,
      },
    });
    await step.audit({ action: 'wallet.set', targetId: row.id, after: toWallet(row) });
    await step.publishAllApis();
    return toWallet(row);
  });
}

function tokenOf(network: string, named: z.output<typeof token> | undefined) {
  if (named) {
    const { name: tokenName, version: tokenVersion, decimals } = named;
    return { asset: checksumAddress(named.asset), tokenName, tokenVersion, decimals };
  }
  const known = KNOWN_TOKENS.find((candidate) => candidate.network === network);
  if (!known) throw invalid('token', 'must be named on this network: no USDC is known there');
  const { asset, tokenName, tokenVersion, decimals } = known;
  return { asset, tokenName, tokenVersion, decimals };
}
