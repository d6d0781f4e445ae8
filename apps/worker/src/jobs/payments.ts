import type { PaymentRecord } from '@tollwright/contracts';
import type { RailDesk, Resolution } from '@tollwright/payments';
import { endForgottenPayments, recordPayment, type ServiceContext } from '@tollwright/services';
import type { UnresolvedPayment } from '@tollwright/state';
import type { QueueSpec } from '../queue.ts';

/** Looked at in one run; the next goes on behind them, so that payments which stay open keep no other from its turn. */
const PAYMENTS_MAX = 100;
/** A gateway that lives is still at work on a settlement that is younger than this. */
const SETTLING_MS = 90_000;

/** Why a payment is settled that nobody got an answer for. Callers are told. */
export const UNANSWERED = 'settled_without_answer';

/**
 * Finds out how payments ended that no gateway can tell: an unknown settlement, or a claim of a gateway that died. Only who
 * took the money decides, and every move is compare-and-set, so a gateway that comes back wins or loses cleanly.
 */
export function paymentsQueue(ctx: ServiceContext, desks: readonly RailDesk[]): QueueSpec {
  let after = '';
  const run = async () => {
    const counts = { settled: 0, failed: 0, waiting: 0 };
    const payments = await ctx.state.claims.unresolved(after, PAYMENTS_MAX);
    after = payments.length < PAYMENTS_MAX ? '' : (payments.at(-1)?.record.claimKey ?? '');
    for (const payment of payments) {
      try {
        counts[await resolvePayment(ctx, desks, payment)] += 1;
      } catch (error) {
        ctx.onError(`resolve payment ${payment.record.paymentId}`, error);
        counts.waiting += 1;
      }
    }
    return counts.settled + counts.failed === 0 ? null : counts;
  };
  const forgotten = async () => {
    const ended = await endForgottenPayments(ctx);
    return ended === 0 ? null : { ended };
  };
  return {
    ...{ name: 'payments', concurrency: 1 },
    jobs: [
      { name: 'resolve', everyMs: 3_000, run },
      { name: 'forgotten', everyMs: 30_000, run: forgotten },
    ],
  };
}

type Resolved = 'settled' | 'failed' | 'waiting';

/** Moves one payment as far as who took its money allows. */
export async function resolvePayment(
  ctx: ServiceContext,
  desks: readonly RailDesk[],
  { record: payment, abandoned }: UnresolvedPayment,
): Promise<Resolved> {
  const ageMs = ctx.clock() - Date.parse(payment.occurredAt);
  if (payment.state === 'settling' && !abandoned && ageMs < SETTLING_MS) return 'waiting';
  const resolution = await resolutionOf(desks, payment);
  if (resolution.kind === 'unavailable') {
    ctx.onError(`resolve payment ${payment.paymentId}`, new Error(resolution.reason));
  }
  const moved = movedBy(payment, resolution, ctx.clock());
  if (moved === null) return 'waiting';
  // Credit is granted whoever listens, and optimistic payments are settled only once their answer went out.
  const isServed = payment.topUp !== undefined || (payment.settles === 'optimistic' && payment.state !== 'claimed');
  const isUnanswered = moved.state === 'settled' && !isServed && (abandoned || payment.state === 'unknown');
  const after = isUnanswered ? { ...moved, reason: UNANSWERED } : moved;
  // Recorded first: a claim that has moved is not looked at again, so a record that was still missing would stay so.
  await recordPayment(ctx, after);
  const reply = await ctx.state.claims.move(payment.claimKey, payment, after);
  if (reply.kind === 'conflict') return 'waiting';
  return after.state === 'settled' ? 'settled' : 'failed';
}

async function resolutionOf(desks: readonly RailDesk[], payment: PaymentRecord): Promise<Resolution> {
  const desk = desks.find(({ name }) => name === payment.rail);
  if (desk === undefined) return { kind: 'unavailable', reason: `nothing is known of ${payment.rail} here` };
  return desk.resolve(payment);
}

/** The record after the move, or null while it is not decided. */
function movedBy(payment: PaymentRecord, resolution: Resolution, nowMs: number): PaymentRecord | null {
  const version = payment.version + 1;
  switch (resolution.kind) {
    case 'settled':
      return {
        ...{ ...payment, version, state: 'settled', transaction: resolution.transaction, reason: null },
        ...(resolution.tax === undefined ? {} : { tax: resolution.tax }),
        settledAt: new Date(nowMs).toISOString(),
      };
    case 'released':
    case 'failed':
      return { ...payment, version, state: resolution.kind, reason: resolution.reason };
    case 'open':
    case 'unavailable':
      return null;
  }
}
