import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type TokenOutput, tokenOutput, tokenTarget, toToken } from './token.ts';

export const listTokensInput = z.object({ ...tokenTarget, ...pageInput });
export const listTokensOutput = pageOf(tokenOutput);

/** The management tokens of an organization, newest first. */
export async function listTokens(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listTokensInput>,
): Promise<Page<TokenOutput>> {
  const wanted = parse(listTokensInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'desc');
  const where = { providerId: wanted.providerId, customerId: access.customerId, id: after };
  const rows = await read(ctx, access, (tx) => tx.apiToken.findMany({ where, orderBy, take }));
  return toPage(rows, wanted.limit, toToken);
}
