import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type AgentOutput, agentOutput, toAgent } from './agent.ts';

const listedAgent = agentOutput.extend({ activeKeys: z.int().meta({ description: 'Keys that are not revoked' }) });

export const listAgentsInput = z.object({
  providerId,
  customerId,
  projectId: idText.optional(),
  search: z.string().trim().max(120).optional().meta({ description: 'Part of the name' }),
  ...pageInput,
});
export const listAgentsOutput = pageOf(listedAgent);

/** A customer's agents that are not archived, newest first. */
export async function listAgents(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listAgentsInput>,
): Promise<Page<AgentOutput & { activeKeys: number }>> {
  const wanted = parse(listAgentsInput, input);
  const { providerId, customerId, projectId, search } = wanted;
  const access = await authorize(ctx, actor, wanted, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'desc');
  const rows = await read(ctx, access, (tx) =>
    tx.agent.findMany({
      where: {
        providerId,
        customerId,
        archivedAt: null,
        id: after,
        ...(projectId === undefined ? {} : { projectId }),
        ...(search ? { name: { contains: search, mode: 'insensitive' } } : {}),
      },
      include: { _count: { select: { keys: { where: { revokedAt: null } } } } },
      orderBy,
      take,
    }),
  );
  return toPage(rows, wanted.limit, (row) => ({ ...toAgent(row), activeKeys: row._count.keys }));
}
