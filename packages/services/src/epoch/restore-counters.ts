import { listTenants, type Tx, withTenant } from '@tollwright/db';
import type { Hold, SpentCounter } from '@tollwright/state';
import type { ServiceContext } from '../context.ts';
import { enterProvider } from '../usage/tenant.ts';

type Context = Pick<ServiceContext, 'db' | 'state' | 'clock'>;

const KEPT_MS = 40 * 86_400_000;
const TIMEOUT_MS = 10 * 60_000;

/**
 * Makes every customer's tag anew: what the events charged, without those of calls that are still held (they are charged
 * when they settle), what was written off of calls that have no event, and what gateways hold. Answers how many tags.
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
    WITH spent (customer_id, call_id, at, charge) AS (
      SELECT e.customer_id, e.event_id, e.occurred_at, c.charge
      FROM usage_event AS e CROSS JOIN LATERAL jsonb_array_elements(e.body -> 'charges') AS c (charge)
      UNION ALL
      SELECT i.customer_id, h.hold ->> 'callId', i.occurred_at, n.charge
      FROM incident AS i CROSS JOIN LATERAL jsonb_array_elements(i.detail -> 'holds') AS h (hold)
        CROSS JOIN LATERAL jsonb_array_elements(h.hold -> 'nodes') AS n (charge)
      WHERE i.kind = 'write-off'
        AND NOT EXISTS (SELECT 1 FROM usage_event AS e WHERE e.event_id = h.hold ->> 'callId')
    )
    SELECT customer_id, charge ->> 'node' AS node, charge ->> 'periodId' AS period_id,
      sum((charge ->> 'amount')::numeric)::text AS spent
    FROM spent
    WHERE customer_id IS NOT NULL AND NOT call_id = ANY (${[...held]}::text[])
      AND (at >= ${since} OR charge ->> 'periodId' = 'total')
    GROUP BY 1, 2, 3`;
}
