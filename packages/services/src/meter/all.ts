import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { type MeterOutput, meterOutput, toMeter } from './meter.ts';

const METERS_MAX = 1_000;

export const allMetersInput = z.object({ providerId });
export const allMetersOutput = z.array(meterOutput);

/** A provider's meters at once, oldest first: at most the first 1,000. */
export async function allMeters(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof allMetersInput>,
): Promise<MeterOutput[]> {
  const { providerId } = parse(allMetersInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'read');
  const where = { providerId, archivedAt: null };
  const rows = await read(ctx, access, (tx) => tx.meter.findMany({ where, orderBy: { id: 'asc' }, take: METERS_MAX }));
  return rows.map(toMeter);
}
