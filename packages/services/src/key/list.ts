import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type KeyOutput, keyOutput, keySelection, toKey } from './key.ts';

export const listKeysInput = z.object({ providerId, customerId, agentId: idText.optional(), ...pageInput });
export const listKeysOutput = pageOf(keyOutput);

/** Keys of a customer, or of one of its agents, newest first; revoked ones too. */
export async function listKeys(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listKeysInput>,
): Promise<Page<KeyOutput>> {
  const wanted = parse(listKeysInput, input);
  const { providerId, customerId, agentId } = wanted;
  const access = await authorize(ctx, actor, wanted, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'desc');
  const where = { providerId, customerId, id: after, ...(agentId === undefined ? {} : { agentId }) };
  const rows = await read(ctx, access, (tx) => tx.apiKey.findMany({ where, orderBy, take, select: keySelection }));
  const now = new Date(ctx.clock());
  return toPage(rows, wanted.limit, (row) => toKey(row, now));
}
