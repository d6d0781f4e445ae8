import { toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, displayName, idText, providerId } from '../fields.ts';
import { given } from '../given.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { type KeyOutput, keyMetadata, keyOutput, keySelection, toKey } from './key.ts';

export const updateKeyInput = z.object({
  providerId,
  customerId,
  keyId: idText,
  name: displayName.optional(),
  metadata: keyMetadata.optional().meta({ description: 'Replaces what was noted before' }),
});
export const updateKeyOutput = keyOutput;

/** Changes what a key is called and what is noted on it; what it may do and spend stays. A revoked key is not found. */
export async function updateKey(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof updateKeyInput>,
): Promise<KeyOutput> {
  const wanted = parse(updateKeyInput, input);
  const { providerId, customerId, keyId, name, metadata } = wanted;
  const access = await authorize(ctx, actor, wanted, 'write');
  return change(ctx, access, async (step) => {
    const where = { providerId, customerId, id: keyId, revokedAt: null };
    const row = await step.tx.apiKey.findFirst({ where, select: keySelection });
    if (!row) throw notFound();
    const data = given({ name, metadata: metadata === undefined ? undefined : toDbJson(metadata) });
    const updated = await step.tx.apiKey.update({ where: { id: keyId }, data, select: keySelection });
    const [before, after] = [toKey(row, step.now), toKey(updated, step.now)];
    await step.audit({ action: 'key.update', targetId: keyId, before, after });
    await step.publishCustomer(customerId);
    return after;
  });
}
