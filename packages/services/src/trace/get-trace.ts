import { policyTrace, priceTrace } from '@tollwright/contracts';
import type { Tx } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { budgetOwners } from './budget-owners.ts';
import { namesIn, toCallTrace, toTrace, traceOutput } from './trace.ts';

export const getTraceInput = z.object({
  providerId,
  customerId: customerId.optional(),
  traceId: z.string().min(1).max(64).meta({ description: 'Id of the call' }),
});
export const getTraceOutput = traceOutput.extend({
  clientIp: z.string().nullable().meta({ description: 'Only where a filter of addresses refused the call' }),
  gateway: z.string(),
  snapshotVersion: z.int(),
  planVersionId: z.string().nullable(),
  planName: z.string().nullable(),
  policies: z
    .array(policyTrace.extend({ about: z.string().nullable().meta({ description: 'Whose budget it is' }) }))
    .meta({ description: 'In the order in which they decided' }),
  worstCase: priceTrace.nullable().meta({ description: 'What was held for the call, or asked for' }),
  used: priceTrace.nullable(),
  /** Whether the call has a usage event. */
  isForwarded: z.boolean(),
});
export type TraceInFull = z.output<typeof getTraceOutput>;

/** One traced call: what every policy decided, and how its price was worked out. */
export async function getTrace(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getTraceInput>,
): Promise<z.output<typeof getTraceOutput>> {
  const wanted = parse(getTraceInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const { traceId: eventId, providerId: provider, customerId: customer } = wanted;
  const where = { eventId, providerId: provider, ...(customer === undefined ? {} : { customerId: customer }) };
  return read(ctx, access, async (tx) => {
    const row = await tx.callTrace.findFirst({ where });
    if (row === null) throw notFound();
    const { clientIp, gateway, snapshotVersion, planVersionId, policies, worstCase, used } = toCallTrace(row);
    const owners = await budgetOwners(
      tx,
      policies.map(({ policy }) => policy),
    );
    const event = await tx.usageEvent.findFirst({ where, select: { eventId: true } });
    return {
      ...toTrace(row, await namesIn(tx, [row])),
      ...{ clientIp, gateway, snapshotVersion, planVersionId, worstCase, used },
      planName: await planName(tx, planVersionId),
      policies: policies.map((one) => ({ ...one, about: owners.get(one.policy) ?? null })),
      isForwarded: event !== null,
    };
  });
}

async function planName(tx: Tx, planVersionId: string | null): Promise<string | null> {
  if (planVersionId === null) return null;
  const version = await tx.planVersion.findFirst({ where: { id: planVersionId } });
  const plan = version && (await tx.plan.findFirst({ where: { id: version.planId } }));
  return plan && version ? `${plan.name}, version ${version.version}` : null;
}
