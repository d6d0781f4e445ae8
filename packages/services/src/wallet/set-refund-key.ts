import { sealSecret } from '@tollwright/contracts/sealed-secret';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { invalid, notFound } from '../refusals.ts';
import { addressOfKey } from './evm-address.ts';
import { refundKeyContext } from './open-refund-key.ts';
import { toWallet, type WalletOutput, walletOutput } from './wallet.ts';

export const refundKey = z.string().regex(/^0x[0-9a-fA-F]{64}$/, 'must be a private key: 0x and 64 hex digits');

export const setRefundKeyInput = z.object({
  providerId,
  walletId: idText,
  refundKey: refundKey
    .nullable()
    .meta({ description: 'Gives tokens back; sealed, and never shown again. Null forgets the one that is there' }),
});
export const setRefundKeyOutput = walletOutput;

/** Sets the key that gives a wallet's tokens back, or forgets it, also that of wallets that were there before. */
export async function setRefundKey(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof setRefundKeyInput>,
): Promise<WalletOutput> {
  const { providerId, walletId, refundKey } = parse(setRefundKeyInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const before = await step.tx.wallet.findFirst({ where: { providerId, id: walletId, archivedAt: null } });
    if (!before) throw notFound();
    const { network, asset, livemode } = before;
    if (refundKey === null) {
      await step.tx.wallet.updateMany({
        where: { providerId, network, asset, livemode },
        data: { refundKeySealed: null, refundFrom: null },
      });
    }
    const row = await step.tx.wallet.update({ where: { id: walletId }, data: sealedRefundKey(ctx, before, refundKey) });
    await step.audit({
      action: 'wallet.refund-key',
      targetId: walletId,
      before: { refundFrom: before.refundFrom },
      after: { refundFrom: row.refundFrom },
    });
    return toWallet(row);
  });
}

/** A private key as a wallet keeps it: ciphertext, and the address that it is the key of. Throws `invalid-input`. */
export function sealedRefundKey(
  { masterKeys }: Pick<ServiceContext, 'masterKeys'>,
  { providerId, network }: { readonly providerId: string; readonly network: string },
  refundKey: string | null,
): { readonly refundKeySealed: string | null; readonly refundFrom: string | null } {
  if (refundKey === null) return { refundKeySealed: null, refundFrom: null };
  try {
    const refundFrom = addressOfKey(refundKey);
    return { refundKeySealed: sealSecret(masterKeys, refundKeyContext(providerId, network), refundKey), refundFrom };
  } catch {
    throw invalid('refundKey', 'is no private key');
  }
}
