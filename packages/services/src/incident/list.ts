import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { afterMoment, pageByMoment } from '../moment-cursor.ts';
import { type Page, pageInput, pageOf } from '../page.ts';
import { parse } from '../parse.ts';
import { type IncidentOutput, incidentOutput, toIncidents } from './incident.ts';

export const listIncidentsInput = z.object({
  providerId,
  customerId: customerId.optional(),
  state: z.enum(['open', 'resolved']).optional(),
  ...pageInput,
});
export const listIncidentsOutput = pageOf(incidentOutput);

/** What a person should look at, newest first: of one customer, or for a provider of all. */
export async function listIncidents(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listIncidentsInput>,
): Promise<Page<IncidentOutput>> {
  const wanted = parse(listIncidentsInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const size = wanted.limit ?? 50;
  const { providerId, customerId, state, cursor } = wanted;
  const resolvedAt = state === 'open' ? null : { not: null };
  return read(ctx, access, async (tx) => {
    const rows = await tx.incident.findMany({
      where: {
        providerId,
        ...(customerId === undefined ? {} : { customerId }),
        ...(state === undefined ? {} : { resolvedAt }),
        ...afterMoment(cursor),
      },
      orderBy: [{ occurredAt: 'desc' }, { id: 'desc' }],
      take: size + 1,
    });
    const { shown, nextCursor } = pageByMoment(rows, size);
    return { items: await toIncidents(tx, shown), nextCursor };
  });
}
