import type { PaymentRecord } from '@tollwright/contracts';
import { type Resolution, resolveFromChain } from '@tollwright/payments';
import { recordPayment, type ServiceContext } from '@tollwright/services';
import type { UnresolvedPayment } from '@tollwright/state';
import type { QueueSpec } from '../queue.ts';

/** Looked at in one run; the next goes on behind them, so that payments which stay open keep no other from its turn. */
const PAYMENTS_MAX = 100;
/** A gateway that lives is still at work on a settlement that is younger than this. */
const SETTLING_MS = 90_000;

/** Why a payment is settled that nobody got an answer for. Callers are told. */
const UNANSWERED = 'settled_without_answer';

/**
 * Finds out how payments ended that no gateway can tell: an unknown settlement, or a claim of a gateway that died. Only the
 * chain decides, and every move is compare-and-set, so a gateway that comes back wins or loses cleanly.
 */
export function paymentsQueue(ctx: ServiceContext, rpcUrls: ReadonlyMap<string, string>): QueueSpec {
  let after = '';
  const run = async () => {
    const counts = { settled: 0, failed: 0, waiting: 0 };
    const payments = await ctx.state.claims.unresolved(after, PAYMENTS_MAX);
    after = payments.length < PAYMENTS_MAX ? '' : (payments.at(-1)?.record.claimKey ?? '');
    for (const payment of payments) {
      try {
        counts[await resolvePayment(ctx, rpcUrls, payment)] += 1;
      } catch (error) {
        ctx.onError(`resolve payment ${payment.record.paymentId}`, error);
        counts.waiting += 1;
      }
    }
    return counts.settled + counts.failed === 0 ? null : counts;
  };
  return { name: 'payments', concurrency: 1, jobs: [{ name: 'resolve', everyMs: 3_000, run }] };
}

type Resolved = 'settled' | 'failed' | 'waiting';

/** Moves one payment as far as the chain allows. */
export async function resolvePayment(
  ctx: ServiceContext,
  rpcUrls: ReadonlyMap<string, string>,
  { record: payment, abandoned }: UnresolvedPayment,
): Promise<Resolved> {
  const ageMs = ctx.clock() - Date.parse(payment.occurredAt);
  if (payment.state === 'settling' && !abandoned && ageMs < SETTLING_MS) return 'waiting';
  const rpcUrl = rpcUrls.get(payment.network);
  if (rpcUrl === undefined) {
    ctx.onError(`resolve payment ${payment.paymentId}`, new Error(`no RPC address for ${payment.network}`));
    return 'waiting';
  }
  const fetch: Parameters<typeof resolveFromChain>[0]['fetch'] = (address, init) => ctx.egress.fetch(address, init);
  const resolution = await resolveFromChain({ rpcUrl, fetch }, { ...payment, claimedAt: payment.occurredAt });
  const moved = movedBy(payment, resolution);
  if (moved === null) return 'waiting';
  const isUnanswered = moved.state === 'settled' && (abandoned || payment.state === 'unknown');
  const after = isUnanswered ? { ...moved, reason: UNANSWERED } : moved;
  // Recorded first: a claim that has moved is not looked at again, so a record that was still missing would stay so.
  await recordPayment(ctx, after);
  const reply = await ctx.state.claims.move(payment.claimKey, payment, after);
  if (reply.kind === 'conflict') return 'waiting';
  return after.state === 'settled' ? 'settled' : 'failed';
}

/** The record after the move, or null while the chain has not decided. */
export function movedBy(payment: PaymentRecord, resolution: Resolution): PaymentRecord | null {
  const version = payment.version + 1;
  switch (resolution.kind) {
    case 'settled':
      return { ...payment, version, state: 'settled', transaction: resolution.transaction, reason: null };
    case 'failed':
      return { ...payment, version, state: 'failed', reason: resolution.reason };
    case 'open':
    case 'unavailable':
      return null;
  }
}
