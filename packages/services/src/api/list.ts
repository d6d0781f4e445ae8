import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type ApiOutput, apiOutput, apiSelection, toApi } from './api.ts';

export const listApisInput = z.object({ providerId, ...pageInput });
export const listApisOutput = pageOf(apiOutput);

/** A provider's APIs, oldest first. */
export async function listApis(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listApisInput>,
): Promise<Page<ApiOutput>> {
  const wanted = parse(listApisInput, input);
  const access = await authorize(ctx, actor, { providerId: wanted.providerId }, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'asc');
  const where = { providerId: wanted.providerId, archivedAt: null, id: after };
  const rows = await read(ctx, access, (tx) => tx.api.findMany({ where, orderBy, take, select: apiSelection }));
  return toPage(rows, wanted.limit, (row) => toApi(ctx, row));
}
