import { transferMethod, x402Wallet } from '@tollwright/contracts';
import type { Tx } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { invalid } from '../refusals.ts';
import { checksumAddress, evmAddress } from './evm-address.ts';
import { KNOWN_TOKENS, walletKindOf } from './known-tokens.ts';
import { refundKey, sealedRefundKey } from './set-refund-key.ts';
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
  token: token
    .optional()
    .meta({ description: 'A dollar token; on Base, Base Sepolia and Tempo the usual one unless given' }),
  transferMethods: z.array(transferMethod).min(1).max(2).optional().meta({
    description:
      'How the token may come: eip3009, by its own authorizations; permit2. Left out: fixed prices by the first, ceilings by the second',
  }),
  refundKey: refundKey
    .optional()
    .meta({ description: 'Gives tokens back. Needs tokens and gas of its own; sealed, and never shown again' }),
  livemode: z.boolean().optional(),
});
export const setWalletOutput = walletOutput;

/** Sets where payments of strangers by tokens go on one network. It replaces the wallet that was there for the same token. */
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
        kind: walletKindOf(network),
        ...chosen,
        payTo: checksumAddress(wanted.payTo),
        transferMethods: methodsOf(network, wanted.transferMethods),
        ...(await refundsBy(step.tx, ctx, wanted, { asset: chosen.asset, livemode })),
        createdAt: step.now,
      },
    });
    await step.audit({ action: 'wallet.set', targetId: row.id, after: toWallet(row) });
    await step.publishAllApis();
    return toWallet(row);
  });
}

/** A wallet without a key of its own takes over that of the wallet before it. */
async function refundsBy(
  tx: Tx,
  ctx: ServiceContext,
  { providerId, network, refundKey }: z.output<typeof setWalletInput>,
  where: { readonly asset: string; readonly livemode: boolean },
) {
  if (refundKey !== undefined) return sealedRefundKey(ctx, { providerId, network }, refundKey);
  const before = await tx.wallet.findFirst({
    where: { providerId, network, ...where, refundKeySealed: { not: null } },
    orderBy: { id: 'desc' },
  });
  return before === null ? {} : { refundKeySealed: before.refundKeySealed, refundFrom: before.refundFrom };
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

/** Tempo's tokens have neither. Whether another has authorizations of its own is its provider's word: no chain is asked here. */
function methodsOf(network: string, wanted: readonly z.output<typeof transferMethod>[] = []) {
  if (wanted.length > 0 && walletKindOf(network) === 'tempo') {
    throw invalid('transferMethods', 'are not for tokens of Tempo, which come by its own transactions');
  }
  if (new Set(wanted).size < wanted.length) throw invalid('transferMethods', 'must be different from each other');
  return [...wanted];
}
