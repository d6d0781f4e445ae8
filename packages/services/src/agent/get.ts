import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { type AgentOutput, agentOutput, toAgent } from './agent.ts';

export const getAgentInput = z.object({ providerId, customerId, agentId: idText });
export const getAgentOutput = agentOutput;

/** One agent, also when it is archived. */
export async function getAgent(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getAgentInput>,
): Promise<AgentOutput> {
  const { providerId, customerId, agentId } = parse(getAgentInput, input);
  const access = await authorize(ctx, actor, { providerId, customerId }, 'read');
  const row = await read(ctx, access, (tx) => tx.agent.findFirst({ where: { providerId, customerId, id: agentId } }));
  if (!row) throw notFound();
  return toAgent(row);
}
