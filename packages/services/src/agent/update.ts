import { isUniqueViolation, toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId } from '../fields.ts';
import { given } from '../given.ts';
import { parse } from '../parse.ts';
import { invalid } from '../refusals.ts';
import { type AgentOutput, agentFields, agentOutput, assertProject, findAgent, toAgent } from './agent.ts';

export const updateAgentInput = z.object({
  providerId,
  customerId,
  agentId: idText,
  name: agentFields.name.optional(),
  framework: agentFields.framework.optional(),
  metadata: agentFields.metadata.optional(),
  projectId: agentFields.projectId.optional(),
});
export const updateAgentOutput = agentOutput;

/** Changes an agent's description, or moves it to another project and under that project's budget. */
export async function updateAgent(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof updateAgentInput>,
): Promise<AgentOutput> {
  const wanted = parse(updateAgentInput, input);
  const { agentId, name, framework, metadata, projectId } = wanted;
  const access = await authorize(ctx, actor, wanted, 'write');
  try {
    return await change(ctx, access, async (step) => {
      const before = toAgent(await findAgent(step.tx, wanted, agentId));
      await assertProject(step.tx, wanted, projectId);
      const document = metadata === undefined ? undefined : toDbJson(metadata);
      const data = given({ name, framework, metadata: document, projectId });
      const after = toAgent(await step.tx.agent.update({ where: { id: agentId }, data }));
      await step.audit({ action: 'agent.update', targetId: agentId, before, after });
      if (after.projectId !== before.projectId) await step.publishCustomer(wanted.customerId);
      return after;
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw invalid('name', 'is taken by another agent');
    throw error;
  }
}
