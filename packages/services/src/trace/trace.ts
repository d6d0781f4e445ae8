import { type CallTrace, callTrace } from '@tollwright/contracts';
import type { DbCallTrace, Tx } from '@tollwright/db';
import { z } from 'zod';

/** One traced call, as lists show it, with the names that people know things by. */
export const traceOutput = z.object({
  id: z.string().meta({ description: 'Of the call: its usage event has the same id, if it was forwarded' }),
  requestId: z.string(),
  occurredAt: z.string(),
  customerId: z.string().nullable(),
  customerName: z.string().nullable(),
  agentId: z.string().nullable(),
  agentName: z.string().nullable(),
  keyId: z.string().nullable(),
  keyName: z.string().nullable(),
  apiId: z.string(),
  routeId: z.string(),
  routeName: z.string(),
  livemode: z.boolean(),
  outcome: z.enum(['refused', 'granted']),
  status: z.int(),
  problem: z.string().nullable(),
  refusedBy: z.string().nullable().meta({ description: 'The policy that refused the call' }),
  wouldRefuse: z.array(z.string()).meta({ description: 'Shadowed policies that would have refused it' }),
  durationMs: z.number(),
  chargedNanoUsd: z.string().nullable(),
});
export type TraceOutput = z.output<typeof traceOutput>;

type Names = ReadonlyMap<string, string>;

/** The names of what rows point to. */
export async function namesIn(tx: Tx, rows: readonly DbCallTrace[]): Promise<Names> {
  const select = { id: true, name: true } as const;
  const idsOf = (pick: (row: DbCallTrace) => string | null) => ({
    id: { in: [...new Set(rows.map(pick).filter((id) => id !== null))] },
  });
  const named = [
    ...(await tx.customer.findMany({ where: idsOf((row) => row.customerId), select })),
    ...(await tx.agent.findMany({ where: idsOf((row) => row.agentId), select })),
    ...(await tx.apiKey.findMany({ where: idsOf((row) => row.keyId), select })),
  ];
  return new Map(named.map(({ id, name }) => [id, name]));
}

export function toTrace(row: DbCallTrace, names: Names): TraceOutput {
  const body = toCallTrace(row);
  const nameOf = (id: string | null) => (id === null ? null : (names.get(id) ?? null));
  const { eventId, requestId, customerId, agentId, keyId, apiId, routeId, livemode, status, problem } = row;
  return {
    ...{ id: eventId, requestId, customerId, agentId, keyId, apiId, routeId, livemode, status, problem },
    occurredAt: row.occurredAt.toISOString(),
    customerName: nameOf(customerId),
    agentName: nameOf(agentId),
    keyName: nameOf(keyId),
    routeName: `${body.method} ${body.pathTemplate}`,
    ...{ outcome: body.outcome, refusedBy: row.refusedBy, wouldRefuse: row.wouldRefuse },
    ...{ durationMs: body.durationMs, chargedNanoUsd: body.chargedNanoUsd },
  };
}

/** The trace as the gateway made it. */
export function toCallTrace(row: Pick<DbCallTrace, 'body'>): CallTrace {
  return callTrace.parse(row.body);
}
