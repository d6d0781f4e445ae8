import { listTenants, type Tx, withTenant } from '@tollwright/db';
import type { Hold, SpentCounter } from '@tollwright/state';
import type { ServiceContext } from '../context.ts';
import { enterProvider } from '../usage/tenant.ts';

type Context = Pick<ServiceContext, 'db' | 'state' | 'clock'>;

const KEPT_MS = 40 * 86_400_000;
const TIMEOUT_MS = 10 * 60_000;

/**
 * Makes every customer's tag anew: what the events charged, without those of calls that are still held (they are charged
 * when they settle), and what gateways hold. Answers how many tags.
 */
export async function restoreCounters(ctx: Context, epoch: number, holds: readonly Hold[]): Promise<number> {
  const held = holds.map((hold) => hold.callId);
  const tenants = await listTenants(ctx.db);
  const spent = await withTenant(
    ctx.db,
    { providerId: '', customerId: '*' },
    async (tx) => {
      const sums = new Map<string, SpentCounter[]>();
      for (const providerId of new Set(tenants.map((tenant) => tenant.providerId))) {
        await enterProvider(tx, providerId);
        for (const { customer_id: id, node, period_id: periodId, spent } of await sumsOf(tx, held, ctx.clock())) {
          const counters = sums.get(id) ?? [];
          sums.set(id, counters);
          counters.push({ node, periodId, spent: BigInt(spent) });
        }
      }
      return sums;
    },
    { timeoutMs: TIMEOUT_MS },
  );
  const customers = new Set(tenants.flatMap(({ customerId }) => (customerId === null ? [] : [customerId])));
  for (const customerId of customers) {
    const tag = `c:${customerId}`;
    const own = holds.filter((hold) => hold.tag === tag);
    await ctx.state.epochs.restoreTag(epoch, tag, spent.get(customerId) ?? [], own);
  }
  return customers.size;
}

type Sum = { customer_id: string; node: string; period_id: string; spent: string };

function sumsOf(tx: Tx, held: readonly string[], nowMs: number): Promise<Sum[]> {
  const since = new Date(nowMs - KEPT_MS);
  return tx.$queryRaw<Sum[]>`
    SELECT e.customer_id, c.charge ->> 'node' AS node, c.charge ->> 'periodId' AS period_id,
      sum((c.charge ->> 'amount')::numeric)::text AS spent
    FROM usage_event AS e CROSS JOIN LATERAL jsonb_array_elements(e.body -> 'charges') AS c (charge)
    WHERE e.customer_id IS NOT NULL AND NOT e.event_id = ANY (${[...held]}::text[])
      AND (e.occurred_at >= ${since} OR c.charge ->> 'periodId' = 'total')
    GROUP BY 1, 2, 3`;
}
