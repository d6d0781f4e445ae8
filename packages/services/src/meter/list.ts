import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type MeterOutput, meterOutput, toMeter } from './meter.ts';

export const listMetersInput = z.object({ providerId, ...pageInput });
export const listMetersOutput = pageOf(meterOutput);

/** A provider's meters. */
export async function listMeters(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listMetersInput>,
): Promise<Page<MeterOutput>> {
  const wanted = parse(listMetersInput, input);
  const access = await authorize(ctx, actor, { providerId: wanted.providerId }, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'asc');
  const where = { providerId: wanted.providerId, archivedAt: null, id: after };
  const rows = await read(ctx, access, (tx) => tx.meter.findMany({ where, orderBy, take }));
  return toPage(rows, wanted.limit, toMeter);
}
