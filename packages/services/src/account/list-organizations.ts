import { role } from '@tollwright/contracts';
import { ProblemError } from '@tollwright/core';
import { withUser } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import type { ServiceContext } from '../context.ts';

const providerOfList = z.object({ id: z.string(), slug: z.string(), name: z.string(), brandColor: z.string() });

export const organizationsOutput = z.object({
  providers: z.array(providerOfList.extend({ role })),
  customers: z.array(z.object({ id: z.string(), name: z.string(), role, provider: providerOfList })),
});
export type Organizations = z.output<typeof organizationsOutput>;

/** Where a person belongs: providers, and customers with their provider. */
export async function listOrganizations(ctx: ServiceContext, actor: Actor): Promise<Organizations> {
  if (actor.kind !== 'user') {
    throw new ProblemError({ slug: 'not-signed-in', detail: 'Only a signed-in person belongs to organizations.' });
  }
  const rows = await withUser(ctx.db, actor.userId, (tx) =>
    tx.membership.findMany({
      where: { userId: actor.userId },
      include: { provider: true, customer: true },
      orderBy: { id: 'asc' },
    }),
  );
  const organizations: Organizations = { providers: [], customers: [] };
  for (const row of rows) {
    const { id, slug, name, brandColor } = row.provider;
    const provider = { id, slug, name, brandColor };
    if (row.customer === null) organizations.providers.push({ ...provider, role: row.role });
    else organizations.customers.push({ id: row.customer.id, name: row.customer.name, role: row.role, provider });
  }
  return organizations;
}
