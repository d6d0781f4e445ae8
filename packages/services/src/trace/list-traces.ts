import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId, timestamp } from '../fields.ts';
import { decodeMoment, encodeMoment } from '../moment-cursor.ts';
import { pageInput, pageOf } from '../page.ts';
import { parse } from '../parse.ts';
import { namesIn, toTrace, traceOutput } from './trace.ts';

/** What is asked of a call, or, with `policy`, of that policy in it. */
export const TRACE_DECISIONS = ['refused', 'would-refuse', 'allowed'] as const;

export const listTracesInput = z.object({
  providerId,
  customerId: customerId.optional(),
  ...pageInput,
  from: timestamp.optional().meta({ description: 'Start, included' }),
  to: timestamp.optional().meta({ description: 'End, not included' }),
  decision: z
    .enum(TRACE_DECISIONS)
    .optional()
    .meta({ description: 'What became of the call, or what `policy` decided; would-refuse is a shadowed policy' }),
  policy: z.string().min(1).max(200).optional().meta({ description: 'A policy that decided: its name or its type' }),
  status: z.int().min(100).max(599).optional(),
  problem: z.string().min(1).max(64).optional().meta({ description: 'Slug of the problem that was answered' }),
  apiId: idText.optional(),
  routeId: idText.optional(),
  agentId: idText.optional(),
  keyId: idText.optional(),
  requestId: z.string().min(1).max(64).optional(),
  livemode: z.boolean().optional().meta({ description: 'Default: true' }),
});
export const listTracesOutput = pageOf(traceOutput);

/** Traces of calls, newest first: of refused ones, and of a sample of the others. Under load some are left out. */
export async function listTraces(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listTracesInput>,
): Promise<z.output<typeof listTracesOutput>> {
  const wanted = parse(listTracesInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const size = wanted.limit ?? 50;
  return read(ctx, access, async (tx) => {
    const rows = await tx.callTrace.findMany({
      where: conditionOf(wanted),
      orderBy: [{ occurredAt: 'desc' }, { eventId: 'desc' }],
      take: size + 1,
    });
    const shown = rows.slice(0, size);
    const last = rows.length > size ? shown.at(-1) : undefined;
    const names = await namesIn(tx, shown);
    return {
      items: shown.map((row) => toTrace(row, names)),
      nextCursor: last === undefined ? null : encodeMoment({ at: last.occurredAt, id: last.eventId }),
    };
  });
}

function conditionOf(wanted: z.output<typeof listTracesInput>) {
  const { status, problem, apiId, routeId, agentId, keyId, requestId, decision, policy } = wanted;
  const given = Object.entries({
    ...{ customerId: wanted.customerId, status, problem, apiId, routeId, agentId, keyId, requestId },
  });
  const searched = [decision, policy].filter((word) => word !== undefined).join(' ');
  const after = wanted.cursor === undefined ? null : decodeMoment(wanted.cursor);
  return {
    providerId: wanted.providerId,
    livemode: wanted.livemode ?? true,
    occurredAt: {
      ...(wanted.from === undefined ? {} : { gte: new Date(wanted.from) }),
      ...(wanted.to === undefined ? {} : { lt: new Date(wanted.to) }),
    },
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    ...(searched === '' ? {} : { decisions: { has: searched } }),
    ...(after === null
      ? {}
      : { OR: [{ occurredAt: { lt: after.at } }, { occurredAt: after.at, eventId: { lt: after.id } }] }),
  };
}
