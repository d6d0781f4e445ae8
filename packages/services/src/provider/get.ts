import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { type ProviderOutput, providerOutput, toProvider } from './provider.ts';

export const getProviderInput = z.object({ providerId });
export const getProviderOutput = providerOutput;

/** A provider as its own people see it. */
export async function getProvider(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getProviderInput>,
): Promise<ProviderOutput> {
  const { providerId } = parse(getProviderInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'read');
  const row = await read(ctx, access, (tx) => tx.provider.findUnique({ where: { id: providerId } }));
  if (!row) throw notFound();
  return toProvider(row);
}
