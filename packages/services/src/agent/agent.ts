import type { DbAgent, Tx } from '@tollwright/db';
import { z } from 'zod';
import { idText, toTimestamp } from '../fields.ts';
import { invalid, notFound } from '../refusals.ts';

/** The owner's own notes. They never change plan, limit or price. */
export const agentMetadata = z
  .record(z.string().min(1).max(64), z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]))
  .refine((entries) => Object.keys(entries).length <= 32, 'must have at most 32 entries')
  .meta({ description: 'Free notes; they never change plan, limit or price' });

export const agentFields = {
  name: z.string().trim().min(1).max(120),
  framework: z.string().trim().max(60).meta({ description: 'Such as langgraph or openai-agents' }),
  metadata: agentMetadata,
  projectId: idText.nullable(),
};

export const agentOutput = z.object({
  id: z.string(),
  name: z.string(),
  framework: z.string(),
  metadata: agentMetadata,
  projectId: z.string().nullable(),
  livemode: z.boolean(),
  archivedAt: z.string().nullable(),
  createdAt: z.string(),
});
export type AgentOutput = z.output<typeof agentOutput>;

export function toAgent(row: DbAgent): AgentOutput {
  const { id, name, framework, projectId, livemode } = row;
  return {
    id,
    name,
    framework,
    metadata: agentMetadata.parse(row.metadata),
    projectId,
    livemode,
    archivedAt: toTimestamp(row.archivedAt),
    createdAt: toTimestamp(row.createdAt),
  };
}

/** Whose agent it is. */
export interface Owner {
  readonly providerId: string;
  readonly customerId: string;
}

/** An agent of this customer that is not archived. Throws `not-found`. */
export async function findAgent(tx: Tx, owner: Owner, agentId: string): Promise<DbAgent> {
  const { providerId, customerId } = owner;
  const row = await tx.agent.findFirst({ where: { providerId, customerId, id: agentId, archivedAt: null } });
  if (!row) throw notFound();
  return row;
}

/** Throws `invalid-input` unless the project is this customer's; null and undefined pass. */
export async function assertProject(tx: Tx, owner: Owner, projectId: string | null | undefined): Promise<void> {
  if (projectId === null || projectId === undefined) return;
  const { providerId, customerId } = owner;
  const row = await tx.project.findFirst({ where: { providerId, customerId, id: projectId, archivedAt: null } });
  if (!row) throw invalid('projectId', 'names no project');
}
