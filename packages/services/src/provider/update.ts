import { paymentRail, railFeeText } from '@tollwright/contracts';
import { fromDbRailFees, toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { displayName, providerId } from '../fields.ts';
import { given } from '../given.ts';
import { parse } from '../parse.ts';
import {
  brandColor,
  keyPrefix,
  locale,
  type ProviderOutput,
  providerOutput,
  timeZone,
  toProvider,
} from './provider.ts';

export const updateProviderInput = z.object({
  providerId,
  name: displayName.optional(),
  keyPrefix: keyPrefix.optional(),
  brandColor: brandColor.optional(),
  timeZone: timeZone.optional(),
  locale: locale.optional(),
  railFees: z
    .partialRecord(paymentRail, railFeeText)
    .optional()
    .meta({ description: 'What a payment on these rails costs you; those left out stay as they are' }),
});
export const updateProviderOutput = providerOutput;

/** Changes how a provider presents itself, and what its rails cost. Its slug is part of addresses and stays. */
export async function updateProvider(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof updateProviderInput>,
): Promise<ProviderOutput> {
  const { providerId, railFees: fees, ...members } = parse(updateProviderInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const was = await step.tx.provider.findUniqueOrThrow({ where: { id: providerId } });
    const railFees = fees && toDbJson({ ...fromDbRailFees(was.railFees), ...fees });
    const row = await step.tx.provider.update({ where: { id: providerId }, data: given({ ...members, railFees }) });
    const [before, after] = [toProvider(was), toProvider(row)];
    await step.audit({ action: 'provider.update', targetId: providerId, before, after });
    if (fees !== undefined) await step.publishAllApis();
    return after;
  });
}
