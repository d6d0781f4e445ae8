import type { PaymentApproval } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import type { DbPaymentApproval, Tx } from '@tollwright/db';
import { z } from 'zod';
import { moneyText, toTimestamp } from '../fields.ts';
import type { Told } from '../webhook/tell.ts';

/** How long an approval holds, and how long a refusal is asked about no more. */
export const DECIDED_MS = 86_400_000;

export const approvalState = z.enum(['asked', 'once', 'day', 'used', 'refused', 'ended']);

/** A payment that an agent asked its owners to approve. */
export const approvalOutput = z.object({
  id: z.string(),
  customerId: z.string(),
  agentId: z.string(),
  agentName: z.string(),
  apiId: z.string(),
  apiName: z.string(),
  routeId: z.string(),
  route: z.string().meta({ description: 'Method and path' }),
  livemode: z.boolean(),
  state: approvalState.meta({ description: 'used: approved once, and paid. ended: approved, and its day is over' }),
  priceNanoUsd: moneyText.meta({ description: 'What the agent wanted to pay' }),
  limitNanoUsd: moneyText.nullable().meta({ description: 'The most that may be paid under it, in sum' }),
  askedAt: z.string(),
  decidedBy: z.string().nullable(),
  decidedAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
});
export type ApprovalOutput = z.output<typeof approvalOutput>;

/** Approvals as people read them: with the names of agents, APIs and routes, also of those that are archived. */
export async function describeApprovals(
  tx: Tx,
  providerId: string,
  rows: readonly DbPaymentApproval[],
  nowMs: number,
): Promise<ApprovalOutput[]> {
  const agents = await tx.agent.findMany({ where: { providerId, id: { in: rows.map(({ agentId }) => agentId) } } });
  const routes = await tx.route.findMany({
    where: { providerId, id: { in: rows.map(({ routeId }) => routeId) } },
    include: { api: { select: { name: true } } },
  });
  const agentNames = new Map(agents.map(({ id, name }) => [id, name]));
  const routeOf = new Map(routes.map((route) => [route.id, route]));
  return rows.map((row) => {
    const { id, customerId, agentId, apiId, routeId, livemode, decidedBy, expiresAt } = row;
    const route = routeOf.get(routeId);
    const isOver = expiresAt !== null && expiresAt.getTime() <= nowMs && row.state !== 'used';
    return {
      ...{ id, customerId, agentId, agentName: agentNames.get(agentId) ?? agentId },
      ...{ apiId, apiName: route?.api.name ?? apiId, routeId, livemode },
      route: route === undefined ? routeId : `${route.method} ${route.pathTemplate}`,
      state: approvalState.parse(isOver ? 'ended' : row.state),
      priceNanoUsd: row.priceNanoUsd.toString(),
      limitNanoUsd: row.limitNanoUsd?.toString() ?? null,
      askedAt: toTimestamp(row.askedAt),
      decidedBy,
      decidedAt: toTimestamp(row.decidedAt),
      expiresAt: toTimestamp(expiresAt),
    };
  });
}

/** What webhooks hear of an approval. */
export function approvalTold(
  type: 'approval.asked' | 'approval.decided',
  row: Pick<DbPaymentApproval, ApprovalTold>,
  occurredAt: Date,
): Told {
  const { id: approvalId, customerId, agentId, apiId, routeId, livemode, state } = row;
  const data = { approvalId, agentId, apiId, routeId, state, priceNanoUsd: `${row.priceNanoUsd}` };
  return { type, customerId, livemode, occurredAt, data };
}

type ApprovalTold = 'id' | 'customerId' | 'agentId' | 'apiId' | 'routeId' | 'livemode' | 'state' | 'priceNanoUsd';

/** An approval as gateways go by it. */
export function toPaymentApproval(row: DbPaymentApproval): PaymentApproval {
  const { id: approvalId, agentId, routeId, livemode, state, limitNanoUsd, expiresAt } = row;
  return {
    ...{ approvalId, agentId, routeId, livemode, once: state === 'once' },
    limitNanoUsd: nanoUsd(limitNanoUsd ?? 0n),
    expiresAtMs: expiresAt?.getTime() ?? 0,
  };
}
