import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { type TokenOutput, tokenOutput, tokenTarget, toToken } from './token.ts';

export const revokeTokenInput = z.object({ ...tokenTarget, tokenId: idText });
export const revokeTokenOutput = tokenOutput;

/** Ends a management token at once. */
export async function revokeToken(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof revokeTokenInput>,
): Promise<TokenOutput> {
  const wanted = parse(revokeTokenInput, input);
  const access = await authorize(ctx, actor, wanted, 'write');
  return change(ctx, access, async (step) => {
    const where = { providerId: wanted.providerId, customerId: access.customerId, id: wanted.tokenId };
    const row = await step.tx.apiToken.findFirst({ where });
    if (!row) throw notFound();
    if (row.revokedAt !== null) return toToken(row);
    const revoked = await step.tx.apiToken.update({ where: { id: row.id }, data: { revokedAt: step.now } });
    await step.audit({ action: 'token.revoke', targetId: row.id });
    return toToken(revoked);
  });
}
