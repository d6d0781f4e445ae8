import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { type IncidentOutput, incidentOutput, toIncidents } from './incident.ts';
import { toldOf } from './open.ts';

export const resolveIncidentInput = z.object({ providerId, incidentId: idText });
export const resolveIncidentOutput = incidentOutput;

/** Notes that a person has looked at an incident and is done with it. Changes no figure; one that is resolved stays so. */
export async function resolveIncident(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof resolveIncidentInput>,
): Promise<IncidentOutput> {
  const wanted = parse(resolveIncidentInput, input);
  const { providerId, incidentId: id } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const resolved = await step.tx.incident.updateMany({
      where: { providerId, id, resolvedAt: null },
      data: { resolvedAt: step.now },
    });
    const row = await step.tx.incident.findFirst({ where: { providerId, id } });
    if (row === null) throw notFound();
    if (resolved.count > 0) {
      await step.audit({ action: 'incident.resolve', targetId: id });
      await step.tell(toldOf('incident.resolved', row, step.now, null));
    }
    const [incident] = await toIncidents(step.tx, [row]);
    return incident as IncidentOutput;
  });
}
