import { isUniqueViolation, toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { invalid } from '../refusals.ts';
import { type AgentOutput, agentFields, agentOutput, assertProject, toAgent } from './agent.ts';

export const createAgentInput = z.object({
  providerId,
  customerId,
  name: agentFields.name,
  framework: agentFields.framework.optional(),
  metadata: agentFields.metadata.optional(),
  projectId: agentFields.projectId.optional(),
});
export const createAgentOutput = agentOutput;

/** Makes an agent. It calls with keys of its own. */
export async function createAgent(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof createAgentInput>,
): Promise<AgentOutput> {
  const wanted = parse(createAgentInput, input);
  const { providerId, customerId, name } = wanted;
  const access = await authorize(ctx, actor, wanted, 'write');
  try {
    return await change(ctx, access, async (step) => {
      await assertProject(step.tx, wanted, wanted.projectId);
      const customer = await step.tx.customer.findUniqueOrThrow({ where: { id: customerId } });
      const id = step.id('agent');
      const row = await step.tx.agent.create({
        data: {
          id,
          providerId,
          customerId,
          name,
          framework: wanted.framework ?? '',
          metadata: toDbJson(wanted.metadata ?? {}),
          projectId: wanted.projectId ?? null,
          livemode: customer.livemode,
          createdAt: step.now,
        },
      });
      await step.audit({ action: 'agent.create', targetId: id, after: toAgent(row) });
      return toAgent(row);
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw invalid('name', 'is taken by another agent');
    throw error;
  }
}
