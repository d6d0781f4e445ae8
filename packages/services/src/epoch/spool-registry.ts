import { type Tx, withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';

type Context = Pick<ServiceContext, 'db' | 'state'>;
const EVERYBODY = { providerId: '', customerId: '*' };

/** Writes down every gateway that the store knows, since the store may forget them. */
export async function noteSpools(ctx: Context, epoch: number): Promise<void> {
  const spools = await ctx.state.spools.list();
  if (spools.length === 0) return;
  const ids = spools.map(({ spoolId }) => spoolId);
  const registered = spools.map(({ registeredAtMs }) => registeredAtMs);
  const closed = spools.map(({ closedAtMs }) => closedAtMs);
  await withTenant(
    ctx.db,
    EVERYBODY,
    (tx) => tx.$executeRaw`
      INSERT INTO spool_watermark AS s (spool_id, sequence, registered_at, closed_at, epoch)
      SELECT u.id, 0, to_timestamp(u.registered / 1000.0), to_timestamp(u.closed / 1000.0), ${epoch}
      FROM unnest(${ids}::text[], ${registered}::bigint[], ${closed}::bigint[]) AS u (id, registered, closed)
      ON CONFLICT (spool_id) DO UPDATE SET registered_at = excluded.registered_at, closed_at = excluded.closed_at,
        epoch = greatest(s.epoch, excluded.epoch)
      WHERE s.registered_at IS NULL OR s.closed_at IS DISTINCT FROM excluded.closed_at OR s.epoch < excluded.epoch`,
  );
}

/** Gateways that are registered and not closed, with how far Postgres has what they sent. */
export async function knownSpools(tx: Tx): Promise<{ readonly spoolId: string; readonly sequence: number }[]> {
  const rows = await tx.$queryRaw<{ spool_id: string; sequence: bigint }[]>`
    SELECT spool_id, sequence FROM spool_watermark WHERE registered_at IS NOT NULL AND closed_at IS NULL`;
  return rows.map((row) => ({ spoolId: row.spool_id, sequence: Number(row.sequence) }));
}

/** The newest epoch that a gateway was seen under; 0 when there was none. */
export async function newestEpoch(ctx: Context): Promise<number> {
  const rows = await withTenant(
    ctx.db,
    EVERYBODY,
    (tx) => tx.$queryRaw<{ epoch: bigint | null }[]>`SELECT max(epoch) AS epoch FROM spool_watermark`,
  );
  return Number(rows[0]?.epoch ?? 0);
}
