import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { toWallet, type WalletOutput, walletOutput } from './wallet.ts';

export const listWalletsInput = z.object({ providerId, ...pageInput });
export const listWalletsOutput = pageOf(walletOutput);

/** Where a provider's payments go. */
export async function listWallets(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listWalletsInput>,
): Promise<Page<WalletOutput>> {
  const wanted = parse(listWalletsInput, input);
  const access = await authorize(ctx, actor, { providerId: wanted.providerId }, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'asc');
  const where = { providerId: wanted.providerId, archivedAt: null, id: after };
  const rows = await read(ctx, access, (tx) => tx.wallet.findMany({ where, orderBy, take }));
  return toPage(rows, wanted.limit, toWallet);
}
