import { fieldName } from '@tollwright/contracts';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { type Entitlement, entitlementOutput, grantsOf } from './entitlement.ts';

export const getEntitlementInput = z.object({ providerId, customerId, featureKey: fieldName });
export const getEntitlementOutput = entitlementOutput;

/** Whether a customer may use a feature now, and how much of it is left. A feature that the plan lacks is no error. */
export async function getEntitlement(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getEntitlementInput>,
): Promise<Entitlement> {
  const wanted = parse(getEntitlementInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const nodes = await ctx.state.counters.read(`c:${wanted.customerId}`);
  const grants = await read(ctx, access, (tx) => grantsOf(tx, wanted.customerId, nodes, ctx.clock()));
  return grants.of(wanted.featureKey);
}
