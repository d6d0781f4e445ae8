import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId } from '../fields.ts';
import { keySelection, keyTold } from '../key/key.ts';
import { parse } from '../parse.ts';
import { type AgentOutput, agentOutput, findAgent, toAgent } from './agent.ts';

export const archiveAgentInput = z.object({ providerId, customerId, agentId: idText });
export const archiveAgentOutput = agentOutput;

/** Ends an agent: its keys are revoked at once, its history stays. */
export async function archiveAgent(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof archiveAgentInput>,
): Promise<AgentOutput> {
  const wanted = parse(archiveAgentInput, input);
  const { agentId } = wanted;
  const access = await authorize(ctx, actor, wanted, 'write');
  return change(ctx, access, async (step) => {
    await findAgent(step.tx, wanted, agentId);
    const revoked = await step.tx.apiKey.updateManyAndReturn({
      where: { agentId, revokedAt: null },
      data: { revokedAt: step.now },
      select: keySelection,
    });
    const row = await step.tx.agent.update({ where: { id: agentId }, data: { archivedAt: step.now } });
    await step.audit({ action: 'agent.archive', targetId: agentId });
    await step.publishCustomer(wanted.customerId);
    for (const key of revoked) await step.tell(keyTold('key.revoked', wanted.customerId, key, step.now));
    return toAgent(row);
  });
}
