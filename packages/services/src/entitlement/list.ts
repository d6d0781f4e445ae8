import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { entitlementOutput, grantsOf } from './entitlement.ts';

export const listEntitlementsInput = z.object({ providerId, customerId });
export const listEntitlementsOutput = z.object({ items: z.array(entitlementOutput) });

/** Everything that a customer's active plan grants, and how much of it is left. */
export async function listEntitlements(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listEntitlementsInput>,
): Promise<z.output<typeof listEntitlementsOutput>> {
  const wanted = parse(listEntitlementsInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const nodes = await ctx.state.counters.read(`c:${wanted.customerId}`);
  const grants = await read(ctx, access, (tx) => grantsOf(tx, wanted.customerId, nodes, ctx.clock()));
  return { items: grants.featureKeys.map((featureKey) => grants.of(featureKey)) };
}
