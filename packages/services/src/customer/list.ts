import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type CustomerOutput, customerOutput, toCustomer } from './customer.ts';

const listedCustomer = customerOutput.extend({
  agents: z.int().meta({ description: 'Agents that are not archived' }),
  plan: z.object({ planVersionId: z.string(), name: z.string(), version: z.int() }).nullable(),
});
type ListedCustomer = CustomerOutput & z.output<typeof listedCustomer>;

export const listCustomersInput = z.object({ providerId, ...pageInput });
export const listCustomersOutput = pageOf(listedCustomer);

/** A provider's customers, newest first, each with its plan. */
export async function listCustomers(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listCustomersInput>,
): Promise<Page<ListedCustomer>> {
  const wanted = parse(listCustomersInput, input);
  const access = await authorize(ctx, actor, { providerId: wanted.providerId }, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'desc');
  const rows = await read(ctx, access, (tx) =>
    tx.customer.findMany({
      where: { providerId: wanted.providerId, archivedAt: null, id: after },
      include: {
        _count: { select: { agents: { where: { archivedAt: null } } } },
        subscriptions: { where: { status: 'active' }, include: { planVersion: { include: { plan: true } } } },
      },
      orderBy,
      take,
    }),
  );
  return toPage(rows, wanted.limit, (row) => {
    const version = row.subscriptions[0]?.planVersion;
    const plan = version ? { planVersionId: version.id, name: version.plan.name, version: version.version } : null;
    return { ...toCustomer(row), agents: row._count.agents, plan };
  });
}
