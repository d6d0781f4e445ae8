import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type ProjectOutput, projectOutput, toProject } from './project.ts';

export const listProjectsInput = z.object({ providerId, customerId, ...pageInput });
export const listProjectsOutput = pageOf(projectOutput);

/** A customer's projects. */
export async function listProjects(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listProjectsInput>,
): Promise<Page<ProjectOutput>> {
  const wanted = parse(listProjectsInput, input);
  const { providerId, customerId } = wanted;
  const access = await authorize(ctx, actor, wanted, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'asc');
  const where = { providerId, customerId, archivedAt: null, id: after };
  const rows = await read(ctx, access, (tx) => tx.project.findMany({ where, orderBy, take }));
  return toPage(rows, wanted.limit, toProject);
}
