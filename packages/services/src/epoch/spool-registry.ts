import { type Tx, withTenant } from '@tollwright/db';
import type { RegisteredSpool } from '@tollwright/state';
import type { ServiceContext } from '../context.ts';

type Context = Pick<ServiceContext, 'db' | 'state'>;
const EVERYBODY = { providerId: '', customerId: '*' };

/**
 * Writes down every gateway that the store knows, since the store may forget them. Each that is new to Postgres has a
 * transaction of its own: one whose row is locked must not keep the rows of the others from ingestion.
 */
export async function noteSpools(ctx: Context, epoch: number): Promise<void> {
  const spools = await ctx.state.spools.list();
  if (spools.length === 0) return;
  const noted = await withTenant(ctx.db, EVERYBODY, readNoted);
  const changed = spools.filter((spool, index) => {
    const before = noted.get(spool.spoolId);
    // The newest of all epochs is what counts, so closed spools need not follow it.
    const follows = spool.closedAtMs === null || index === spools.length - 1;
    return before === undefined || before.closedAtMs !== spool.closedAtMs || (follows && before.epoch < epoch);
  });
  await Promise.all(changed.map((spool) => withTenant(ctx.db, EVERYBODY, (tx) => noteSpool(tx, spool, epoch))));
}

type Noted = Pick<RegisteredSpool, 'closedAtMs'> & { readonly epoch: number };

/** What Postgres knows of registered gateways. */
async function readNoted(tx: Tx): Promise<Map<string, Noted>> {
  const rows = await tx.$queryRaw<{ spool_id: string; closed_at: Date | null; epoch: bigint }[]>`
    SELECT spool_id, closed_at, epoch FROM spool_watermark WHERE registered_at IS NOT NULL`;
  return new Map(
    rows.map((row) => [row.spool_id, { closedAtMs: row.closed_at?.getTime() ?? null, epoch: Number(row.epoch) }]),
  );
}

async function noteSpool(
  tx: Tx,
  { spoolId, registeredAtMs, closedAtMs }: RegisteredSpool,
  epoch: number,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO spool_watermark AS s (spool_id, sequence, registered_at, closed_at, epoch)
    VALUES (${spoolId}, 0, to_timestamp(${registeredAtMs}::bigint / 1000.0), to_timestamp(${closedAtMs}::bigint / 1000.0), ${epoch})
    ON CONFLICT (spool_id) DO UPDATE SET registered_at = excluded.registered_at, closed_at = excluded.closed_at,
      epoch = greatest(s.epoch, excluded.epoch)`;
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
