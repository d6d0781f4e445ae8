import { isUnderWay, type PaymentRecord, paymentRecord } from '@tollwright/contracts';
import { ZERO_USD } from '@tollwright/core';
import { listProvidersWithOpenPayments, withTenant } from '@tollwright/db';
import type { Claim } from '@tollwright/state';
import type { ServiceContext } from '../context.ts';
import { recordPayment } from './record.ts';

/** Nobody is still about to write down a move that is older than this. */
const FORGOTTEN_MS = 120_000;
const PAYMENTS_MAX = 200;

/** Why a payment was let go whose gateway died before it wrote that down. */
export const UNTOLD = 'released_without_record';

/**
 * Ends payments that came to nothing and stay under way in Postgres: a gateway tells the store that it lets a payment go, or that it
 * failed, and then writes it down, and may die in between. Their claims know. Settlements are written down first. Answers how many ended.
 * For the worker's database role.
 */
export async function endForgottenPayments(ctx: ServiceContext): Promise<number> {
  const before = new Date(ctx.clock() - FORGOTTEN_MS);
  let ended = 0;
  for (const providerId of await listProvidersWithOpenPayments(ctx.db, before)) {
    for (const payment of await openSince(ctx, providerId, before)) {
      const end = endOf(payment, await ctx.state.claims.get(payment.claimKey));
      if (end === null) continue;
      await recordPayment(ctx, end);
      ended += 1;
    }
  }
  return ended;
}

async function openSince(ctx: ServiceContext, providerId: string, before: Date): Promise<readonly PaymentRecord[]> {
  const rows = await withTenant(
    ctx.db,
    { providerId, customerId: '*' },
    (tx) => tx.$queryRaw<{ body: unknown }[]>`
      SELECT p.body FROM payment p
      WHERE p.provider_id = ${providerId} AND p.occurred_at < ${before}
        AND p.state IN ('claimed', 'verified', 'served', 'settling', 'unknown')
      ORDER BY p.occurred_at LIMIT ${PAYMENTS_MAX}`,
  );
  return rows.map(({ body }) => paymentRecord.parse(body));
}

/** Null: it is under way, or its claim does not tell how it ended. */
function endOf(payment: PaymentRecord, claim: Claim | null): PaymentRecord | null {
  if (claim === null) return null;
  const nothing = { version: payment.version + 1, feeNanoUsd: ZERO_USD };
  // Only what was let go is claimed by another payment.
  if (claim.paymentId !== payment.paymentId) return { ...payment, ...nothing, state: 'released', reason: UNTOLD };
  const { state, reason, version } = claim;
  if (isUnderWay(state) || (state !== 'released' && state !== 'failed')) return null;
  return { ...payment, ...nothing, version, state, reason: reason ?? UNTOLD };
}
