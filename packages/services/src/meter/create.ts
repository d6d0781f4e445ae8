import { meterDefinition } from '@tollwright/contracts';
import { isUniqueViolation, toDbJson } from '@tollwright/db';
import type { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { displayName, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { invalid } from '../refusals.ts';
import { type MeterOutput, meterOutput, toMeter } from './meter.ts';

export const createMeterInput = meterDefinition.safeExtend({ providerId, name: displayName });
export const createMeterOutput = meterOutput;

/** Defines what is counted: an aggregation over the data of events of one type. */
export async function createMeter(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof createMeterInput>,
): Promise<MeterOutput> {
  const wanted = parse(createMeterInput, input);
  const { providerId } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'write');
  try {
    return await change(ctx, access, async (step) => {
      const id = step.id('meter');
      const data = { ...wanted, id, groupBy: toDbJson(wanted.groupBy), createdAt: step.now };
      const after = toMeter(await step.tx.meter.create({ data }));
      await step.audit({ action: 'meter.create', targetId: id, after });
      await step.publishAllApis();
      return after;
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw invalid('slug', 'is taken');
    throw error;
  }
}
