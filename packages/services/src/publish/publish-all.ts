import { listTenants, withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { publishApi } from './publish-api.ts';
import { publishCustomer } from './publish-customer.ts';

/** Publishes every API and customer again, for a directory that is new or was lost. For the worker's database role. */
export async function publishAll(ctx: ServiceContext): Promise<{ readonly apis: number; readonly customers: number }> {
  const tenants = await listTenants(ctx.db);
  let apis = 0;
  let customers = 0;
  for (const providerId of new Set(tenants.map((tenant) => tenant.providerId))) {
    const rows = await withTenant(ctx.db, { providerId, customerId: '*' }, (tx) =>
      tx.api.findMany({ where: { providerId }, select: { id: true } }),
    );
    for (const { id } of rows) {
      await publishApi(ctx, providerId, id);
      apis += 1;
    }
  }
  for (const { providerId, customerId } of tenants) {
    if (customerId === null) continue;
    await publishCustomer(ctx, providerId, customerId);
    customers += 1;
  }
  return { apis, customers };
}
