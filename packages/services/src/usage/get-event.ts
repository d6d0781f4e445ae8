import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { eventOutput, toEvent } from './event.ts';

export const getEventInput = z.object({
  providerId,
  customerId: customerId.optional(),
  eventId: z.string().min(1).max(64),
});
export const getEventOutput = eventOutput.extend({
  /** The event as the gateway reported it. */
  body: z.record(z.string(), z.unknown()),
});

/** One call with everything that was reported of it. */
export async function getEvent(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getEventInput>,
): Promise<z.output<typeof getEventOutput>> {
  const wanted = parse(getEventInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const { eventId, providerId: provider, customerId: customer } = wanted;
  const where = { eventId, providerId: provider, ...(customer === undefined ? {} : { customerId: customer }) };
  const row = await read(ctx, access, (tx) => tx.usageEvent.findFirst({ where }));
  if (row === null) throw notFound();
  return { ...toEvent(row), body: row.body as Record<string, unknown> };
}
