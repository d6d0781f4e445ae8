import { scope } from '@tollwright/contracts';
import { keyHint, makeKey } from '@tollwright/core';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { displayName, timestamp } from '../fields.ts';
import { parse } from '../parse.ts';
import { secretHash } from '../secret-hash.ts';
import { tokenOutput, tokenTarget, toToken } from './token.ts';

export const createTokenInput = z.object({
  ...tokenTarget,
  name: displayName,
  scopes: z.array(scope).min(1).max(2),
  expiresAt: timestamp.optional(),
});
export const createTokenOutput = tokenOutput.extend({
  token: z.string().meta({ description: 'The token itself. Shown this once' }),
});

/** Makes a management token. It is shown once; its SHA-256 is stored. */
export async function createToken(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof createTokenInput>,
): Promise<z.output<typeof createTokenOutput>> {
  const wanted = parse(createTokenInput, input);
  const access = await authorize(ctx, actor, wanted, 'write');
  const token = makeKey('twm', true, ctx.random(64));
  const scopes = [...new Set(wanted.scopes)];
  return change(ctx, access, async (step) => {
    const row = await step.tx.apiToken.create({
      data: {
        id: step.id('token'),
        hash: secretHash(token),
        providerId: wanted.providerId,
        customerId: access.customerId,
        name: wanted.name,
        start: keyHint(token).start,
        scopes,
        role: scopes.includes('write') ? 'owner' : 'viewer',
        expiresAt: wanted.expiresAt === undefined ? null : new Date(wanted.expiresAt),
        createdAt: step.now,
      },
    });
    await step.audit({ action: 'token.create', targetId: row.id, after: toToken(row) });
    return { ...toToken(row), token };
  });
}
