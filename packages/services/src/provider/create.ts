import { slug } from '@tollwright/contracts';
import { makeId, ProblemError } from '@tollwright/core';
import { isUniqueViolation } from '@tollwright/db';
import { z } from 'zod';
import { getUser } from '../account/user.ts';
import { type Actor, actorName } from '../actor.ts';
import type { Access } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { displayName } from '../fields.ts';
import { parse } from '../parse.ts';
import { invalid } from '../refusals.ts';
import { keyPrefix, locale, type ProviderOutput, providerOutput, timeZone, toProvider } from './provider.ts';

/** First segments of addresses that are not a provider's. */
const RESERVED = new Set([
  'api',
  'console',
  'p',
  'problems',
  'healthz',
  'readyz',
  'metrics',
  'static',
  'well-known',
  'tollwright',
]);

export const createProviderInput = z.object({
  name: displayName,
  slug: slug.min(2).refine((text) => !RESERVED.has(text), 'is reserved'),
  keyPrefix: keyPrefix.optional(),
  timeZone: timeZone.optional(),
  locale: locale.optional(),
});
export const createProviderOutput = providerOutput;

/** Makes a provider whose first owner is the signed-in person (none when the product itself asks). */
export async function createProvider(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof createProviderInput>,
): Promise<ProviderOutput> {
  const wanted = parse(createProviderInput, input);
  const userId = await founderOf(ctx, actor);
  const providerId = makeId('provider', ctx.clock(), ctx.random(10));
  const access: Access = {
    actor: actorName(actor),
    tenant: { providerId, customerId: '*', ...(userId === null ? {} : { userId }) },
    providerId,
    customerId: null,
    level: 'provider',
  };
  const { name, slug: wantedSlug } = wanted;
  try {
    return await change(ctx, access, async (step) => {
      const row = await step.tx.provider.create({
        data: {
          id: providerId,
          name,
          slug: wantedSlug,
          keyPrefix: wanted.keyPrefix ?? 'tw',
          timeZone: wanted.timeZone ?? 'UTC',
          locale: wanted.locale ?? 'en-US',
          createdAt: step.now,
        },
      });
      if (userId !== null) {
        const id = step.id('membership');
        await step.tx.membership.create({ data: { id, userId, providerId, role: 'owner', createdAt: step.now } });
      }
      await step.audit({ action: 'provider.create', targetId: providerId, after: { name, slug: wantedSlug } });
      return toProvider(row);
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw invalid('slug', 'is taken');
    throw error;
  }
}

async function founderOf(ctx: ServiceContext, actor: Actor): Promise<string | null> {
  if (actor.kind === 'system') return null;
  const user = actor.kind === 'user' ? await getUser(ctx, actor.userId) : null;
  if (!user) throw new ProblemError({ slug: 'not-signed-in', detail: 'Only a signed-in person can make a provider.' });
  return user.id;
}
