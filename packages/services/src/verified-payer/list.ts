import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { toVerifiedPayer, type VerifiedPayerOutput, verifiedPayerOutput } from './verified-payer.ts';

export const listVerifiedPayersInput = z.object({ providerId, ...pageInput });
export const listVerifiedPayersOutput = pageOf(verifiedPayerOutput);

/** Payers whom a provider knows. */
export async function listVerifiedPayers(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listVerifiedPayersInput>,
): Promise<Page<VerifiedPayerOutput>> {
  const wanted = parse(listVerifiedPayersInput, input);
  const access = await authorize(ctx, actor, { providerId: wanted.providerId }, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'desc');
  const where = { providerId: wanted.providerId, id: after };
  const include = { customer: { select: { name: true } } };
  const rows = await read(ctx, access, (tx) => tx.verifiedPayer.findMany({ where, include, orderBy, take }));
  return toPage(rows, wanted.limit, toVerifiedPayer);
}
