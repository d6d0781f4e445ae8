import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, displayName, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { type ProjectOutput, projectOutput, toProject } from './project.ts';

export const createProjectInput = z.object({ providerId, customerId, name: displayName });
export const createProjectOutput = projectOutput;

/** Makes a group for agents, which can have a budget of its own. */
export async function createProject(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof createProjectInput>,
): Promise<ProjectOutput> {
  const wanted = parse(createProjectInput, input);
  const access = await authorize(ctx, actor, wanted, 'write');
  return change(ctx, access, async (step) => {
    const id = step.id('project');
    const row = await step.tx.project.create({ data: { id, ...wanted, createdAt: step.now } });
    await step.audit({ action: 'project.create', targetId: id, after: toProject(row) });
    return toProject(row);
  });
}
