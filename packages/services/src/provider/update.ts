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
});
export const updateProviderOutput = providerOutput;

/** Changes how a provider presents itself. Its slug is part of addresses and stays. */
export async function updateProvider(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof updateProviderInput>,
): Promise<ProviderOutput> {
  const { providerId, ...members } = parse(updateProviderInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const before = toProvider(await step.tx.provider.findUniqueOrThrow({ where: { id: providerId } }));
    const row = await step.tx.provider.update({ where: { id: providerId }, data: given(members) });
    await step.audit({ action: 'provider.update', targetId: providerId, before, after: toProvider(row) });
    return toProvider(row);
  });
}
