import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { type KeyOutput, keyOutput, keySelection, keyTold, toKey } from './key.ts';

export const revokeKeyInput = z.object({ providerId, customerId, keyId: idText });
export const revokeKeyOutput = keyOutput;

/** Ends a key: every gateway refuses it within a second. Revoking it again changes nothing. */
export async function revokeKey(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof revokeKeyInput>,
): Promise<KeyOutput> {
  const wanted = parse(revokeKeyInput, input);
  const { providerId, customerId, keyId } = wanted;
  const access = await authorize(ctx, actor, wanted, 'write');
  return change(ctx, access, async (step) => {
    const row = await step.tx.apiKey.findFirst({ where: { providerId, customerId, id: keyId }, select: keySelection });
    if (!row) throw notFound();
    if (row.revokedAt !== null) return toKey(row, step.now);
    const data = { revokedAt: step.now };
    const revoked = await step.tx.apiKey.update({ where: { id: keyId }, data, select: keySelection });
    await step.audit({ action: 'key.revoke', targetId: keyId });
    await step.publishCustomer(customerId);
    await step.tell(keyTold('key.revoked', customerId, revoked, step.now));
    return toKey(revoked, step.now);
  });
}
