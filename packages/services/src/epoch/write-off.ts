import { listProviders, withTenant } from '@tollwright/db';
import { type Hold, type SettleItem, StateUnavailable } from '@tollwright/state';
import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { storeWriteOffs } from '../incident/store-write-offs.ts';
import { ingestSpool } from '../usage/ingest.ts';
import { enterProvider } from '../usage/tenant.ts';

/** Whoever writes a machine off is the same successor each time, so that a second try goes on with the first. */
const OPERATOR = 'operator';

/** `reported`: the store is being rebuilt, and does not wait for this gateway any more; close it again once it is open. */
export interface WrittenOff {
  readonly kind: 'closed' | 'reported';
  /** Holds whose calls have an event, and are charged what it says. */
  readonly settled: number;
  /** Holds that count as spent. */
  readonly writtenOff: number;
  readonly customers: number;
}

/**
 * Closes the spool of a machine that will not come back, with what it holds. Raises its incarnation everywhere, so that it is
 * `superseded` should it wake; stores what it had shipped; ends each hold as its event says, or as spent where there is none,
 * which an incident of each customer tells. May be repeated after a failure. For the worker's database role.
 */
export async function writeOffSpool(ctx: ServiceContext, spoolId: string): Promise<WrittenOff> {
  const { holds } = await ctx.state.spools.takeOver(spoolId, OPERATOR);
  await drainInbox(ctx, spoolId);
  const charges = await chargesOf(
    ctx,
    holds.map(({ callId }) => callId),
  );
  const lost = holds.filter(({ callId }) => !charges.has(callId));
  const customers = await storeWriteOffs(ctx, spoolId, lost);
  const done = { settled: holds.length - lost.length, writtenOff: lost.length, customers };
  const now = await ctx.state.epochs.current();
  if (now.kind !== 'open') {
    // Counters are restored from events and incidents, without these holds.
    const sequence = await ctx.state.inbox.watermark(spoolId);
    await ctx.state.epochs.rejoin({ epoch: now.epoch, spoolId, sequence, holds: [], claims: [] });
    return { kind: 'reported', ...done };
  }
  for (const tag of new Set(holds.map((hold) => hold.tag))) {
    const settles = holds.filter((hold) => hold.tag === tag).map((hold) => settleOf(hold, charges.get(hold.callId)));
    await ctx.state.spools.settleTaken(spoolId, tag, settles);
  }
  await ctx.state.spools.close(spoolId);
  return { kind: 'closed', ...done };
}

type Charges = Readonly<Record<string, bigint>>;

function settleOf({ callId, nodes }: Hold, charges: Charges | undefined): SettleItem {
  const held = () => Object.fromEntries(nodes.map(({ node, amount }) => [node, amount]));
  return { kind: 'settle', callId, charges: charges ?? held() };
}

async function drainInbox(ctx: ServiceContext, spoolId: string): Promise<void> {
  for (;;) {
    const done = await ingestSpool(ctx, spoolId);
    if (done.kind === 'busy') throw new StateUnavailable(`the worker is storing what ${spoolId} shipped; try again`);
    if (done.kind === 'idle' || !done.more) return;
  }
}

const chargeRows = z.array(z.object({ node: z.string(), amount: z.string() }));

/** What the events of these calls charged, by call and node. A call that has no event is missing. */
async function chargesOf(ctx: ServiceContext, callIds: readonly string[]): Promise<ReadonlyMap<string, Charges>> {
  const found = new Map<string, Charges>();
  if (callIds.length === 0) return found;
  const providers = await listProviders(ctx.db);
  await withTenant(ctx.db, { providerId: '', customerId: '*' }, async (tx) => {
    for (const providerId of providers) {
      await enterProvider(tx, providerId);
      const rows = await tx.$queryRaw<{ event_id: string; charges: unknown }[]>`
        SELECT event_id, body -> 'charges' AS charges FROM usage_event WHERE event_id = ANY (${[...callIds]}::text[])`;
      for (const { event_id: id, charges } of rows) {
        const parts = chargeRows.parse(charges).map(({ node, amount }) => [node, BigInt(amount)] as const);
        found.set(id, Object.fromEntries(parts));
      }
    }
  });
  return found;
}
