import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type ExtractorOutput, extractorOutput, toExtractor } from './extractor.ts';

export const listExtractorsInput = z.object({ providerId, ...pageInput });
export const listExtractorsOutput = pageOf(extractorOutput);

/** A provider's extractors. */
export async function listExtractors(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listExtractorsInput>,
): Promise<Page<ExtractorOutput>> {
  const wanted = parse(listExtractorsInput, input);
  const access = await authorize(ctx, actor, { providerId: wanted.providerId }, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'asc');
  const where = { providerId: wanted.providerId, archivedAt: null, id: after };
  const rows = await read(ctx, access, (tx) => tx.extractor.findMany({ where, orderBy, take }));
  return toPage(rows, wanted.limit, toExtractor);
}
