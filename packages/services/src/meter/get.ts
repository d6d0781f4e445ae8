import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { type MeterOutput, meterOutput, toMeter } from './meter.ts';

export const meterIdOrSlug = z.string().min(1).max(64).meta({ description: 'Id or slug of the meter' });

export const getMeterInput = z.object({ providerId, meterIdOrSlug });
export const getMeterOutput = meterOutput;

/** A meter. */
export async function getMeter(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getMeterInput>,
): Promise<MeterOutput> {
  const wanted = parse(getMeterInput, input);
  const { providerId } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'read');
  const where = { providerId, OR: [{ id: wanted.meterIdOrSlug }, { slug: wanted.meterIdOrSlug }] };
  const row = await read(ctx, access, (tx) => tx.meter.findFirst({ where }));
  if (row === null) throw notFound();
  return toMeter(row);
}
