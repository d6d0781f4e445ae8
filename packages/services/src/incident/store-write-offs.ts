import { listTenants, withTenant } from '@tollwright/db';
import type { Hold } from '@tollwright/state';
import type { ServiceContext } from '../context.ts';
import type { WriteOffDetail } from './incident.ts';
import { openIncidents } from './open.ts';

type Context = Pick<ServiceContext, 'db' | 'clock' | 'random' | 'onError'>;

/**
 * Stores one incident for each customer where a lost gateway held something, once for gateway and customer. Answers how many
 * customers that are. For the worker's database role.
 */
export async function storeWriteOffs(ctx: Context, spoolId: string, holds: readonly Hold[]): Promise<number> {
  const tags = new Set(holds.map(({ tag }) => tag));
  const tenants = await listTenants(ctx.db);
  for (const tag of tags) {
    const held = holds.filter((hold) => hold.tag === tag);
    const customerId = tag.slice('c:'.length);
    const providerId = tenants.find((tenant) => tenant.customerId === customerId)?.providerId;
    if (providerId === undefined) {
      ctx.onError(`write off what ${spoolId} held`, new Error(`no customer ${customerId}`));
      continue;
    }
    const incident = { providerId, customerId, kind: 'write-off', detail: detailOf(spoolId, held), livemode: null };
    await withTenant(ctx.db, { providerId, customerId: '*' }, (tx) => openIncidents(tx, ctx, [incident]));
  }
  return tags.size;
}

function detailOf(spoolId: string, held: readonly Hold[]): WriteOffDetail {
  const sums = new Map<string, { node: string; periodId: string; amount: bigint }>();
  for (const { node, periodId, amount } of held.flatMap(({ nodes }) => nodes)) {
    const known = sums.get(`${periodId} ${node}`)?.amount ?? 0n;
    sums.set(`${periodId} ${node}`, { node, periodId, amount: known + amount });
  }
  const text = (part: { node: string; periodId: string; amount: bigint }) => ({ ...part, amount: `${part.amount}` });
  return {
    spoolId,
    charges: [...sums.values()].map(text),
    holds: held.map(({ callId, sinceMs, nodes }) => ({ callId, sinceMs, nodes: nodes.map(text) })),
  };
}
