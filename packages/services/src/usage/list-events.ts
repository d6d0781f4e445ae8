import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { decodeMoment, encodeMoment } from '../moment-cursor.ts';
import { pageInput, pageOf } from '../page.ts';
import { parse } from '../parse.ts';
import { eventOutput, toEvent } from './event.ts';
import { type UsageFilter, usageFilter } from './filter.ts';

export const listEventsInput = z.object({
  ...usageFilter,
  ...pageInput,
  from: usageFilter.from.meta({ description: 'Start, included' }),
  to: usageFilter.to.meta({ description: 'End, not included' }),
  status: z.enum(['ok', 'error']).optional().meta({ description: 'error: answered with 400 or above' }),
  requestId: z.string().max(64).optional(),
  paymentId: z.string().max(64).optional(),
});
export const listEventsOutput = pageOf(
  eventOutput.extend({ agentName: z.string().nullable(), routeName: z.string(), keyName: z.string().nullable() }),
);

type Wanted = z.output<typeof listEventsInput>;

/** Calls, newest first, with the names that people know their agents, keys and routes by. */
export async function listEvents(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listEventsInput>,
): Promise<z.output<typeof listEventsOutput>> {
  const wanted = parse(listEventsInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const size = wanted.limit ?? 50;
  return read(ctx, access, async (tx) => {
    const agentIds = await agentsInProject(tx, wanted);
    const rows = await tx.usageEvent.findMany({
      where: { ...conditionOf(wanted), ...(agentIds === null ? {} : { agentId: { in: agentIds } }) },
      orderBy: [{ occurredAt: 'desc' }, { eventId: 'desc' }],
      take: size + 1,
    });
    const shown = rows.slice(0, size);
    const last = rows.length > size ? shown.at(-1) : undefined;
    const select = { id: true, name: true } as const;
    const idsOf = (pick: (row: (typeof rows)[number]) => string | null) => ({
      id: { in: [...new Set(shown.map(pick).filter((id) => id !== null))] },
    });
    const agents = await tx.agent.findMany({ where: idsOf((row) => row.agentId), select });
    const keys = await tx.apiKey.findMany({ where: idsOf((row) => row.keyId), select });
    const routes = await tx.route.findMany({ where: idsOf((row) => row.routeId) });
    const names = new Map([
      ...[...agents, ...keys].map(({ id, name }) => [id, name] as const),
      ...routes.map(({ id, method, pathTemplate }) => [id, `${method} ${pathTemplate}`] as const),
    ]);
    return {
      items: shown.map((row) => ({
        ...toEvent(row),
        agentName: row.agentId === null ? null : (names.get(row.agentId) ?? null),
        routeName: names.get(row.routeId) ?? row.routeId,
        keyName: row.keyId === null ? null : (names.get(row.keyId) ?? null),
      })),
      nextCursor: last === undefined ? null : encodeMoment({ at: last.occurredAt, id: last.eventId }),
    };
  });
}

async function agentsInProject(
  tx: { agent: { findMany(query: object): Promise<{ id: string }[]> } },
  { projectId }: UsageFilter,
): Promise<string[] | null> {
  if (projectId === undefined) return null;
  const rows = await tx.agent.findMany({ where: { projectId }, select: { id: true } });
  return rows.map((row) => row.id);
}

function conditionOf(wanted: Wanted) {
  const { providerId, customerId, agentId, keyId, apiId, routeId, model, rail, requestId, paymentId } = wanted;
  const given = Object.entries({ customerId, agentId, keyId, apiId, routeId, model, rail, requestId, paymentId });
  const occurredAt = {
    ...(wanted.from === undefined ? {} : { gte: new Date(wanted.from) }),
    ...(wanted.to === undefined ? {} : { lt: new Date(wanted.to) }),
  };
  const after = wanted.cursor === undefined ? null : decodeMoment(wanted.cursor);
  return {
    providerId,
    livemode: wanted.livemode ?? true,
    occurredAt,
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    ...(wanted.status === undefined ? {} : { status: wanted.status === 'ok' ? { lt: 400 } : { gte: 400 } }),
    ...(after === null
      ? {}
      : { OR: [{ occurredAt: { lt: after.at } }, { occurredAt: after.at, eventId: { lt: after.id } }] }),
  };
}
