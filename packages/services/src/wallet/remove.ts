import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { toWallet, type WalletOutput, walletOutput } from './wallet.ts';

export const removeWalletInput = z.object({ providerId, walletId: idText });
export const removeWalletOutput = walletOutput;

/** Stops offering a wallet. Payments made under an issued challenge still count. */
export async function removeWallet(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof removeWalletInput>,
): Promise<WalletOutput> {
  const { providerId, walletId } = parse(removeWalletInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const row = await step.tx.wallet.findFirst({ where: { providerId, id: walletId, archivedAt: null } });
    if (!row) throw notFound();
    await step.tx.wallet.update({ where: { id: walletId }, data: { archivedAt: step.now } });
    await step.audit({ action: 'wallet.remove', targetId: walletId });
    await step.publishAllApis();
    return toWallet(row);
  });
}
