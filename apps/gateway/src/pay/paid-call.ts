import type { PaymentRecord, Principal } from '@tollwright/contracts';
import type { Problem } from '@tollwright/core';
import type { Challenge, Payment } from '@tollwright/payments';
import type { HeaderEdit } from '@tollwright/policies';
import type { Channel } from '@tollwright/state';
import type { Body } from '../http/read-body.ts';
import { refuseKeyed } from '../pipeline/note-decision.ts';
import { upstreamChoice } from '../pipeline/upstream-target.ts';
import { refuse, STATE_AWAY, type Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import { eventBase, intend } from './paid-outcome.ts';
import type { PaymentLedger } from './payment-ledger.ts';
import { isCeiling, type Sale } from './sale.ts';
import { serveThenSettle } from './settle-after.ts';
import { settleThenServe } from './settle-before.ts';
import { answerThenSettle } from './settle-optimistic.ts';
import { asksForStream } from './sold-body.ts';

/** A verified payment that this gateway claimed, with the call that it is for. */
export interface PaidCall {
  readonly visit: Visit;
  readonly api: CompiledApi;
  readonly route: CompiledRoute;
  /** Whose key is beside the payment; null of a stranger. */
  readonly principal: Principal | null;
  readonly payment: Payment;
  readonly ledger: PaymentLedger;
  /** SHA-256 of what is paid for. */
  readonly requestHash: string;
  readonly body: Extract<Body, { kind: 'none' | 'buffered' }>;
  readonly sale: Sale;
  /** Headers that policies strip and set. */
  readonly edits: readonly HeaderEdit[];
  /** What a failed settlement is answered with. */
  readonly challenge: (reason: string, channel?: Channel) => Challenge;
}

/** Runs a paid call, once its intent and its claimed payment are on disk, in the order that its route asks for. */
export async function servePaid(call: PaidCall): Promise<void> {
  const { visit, ledger } = call;
  if (ledger.record.settles === 'before' && (await isSparedFor(call))) return;
  const base = eventBase(call);
  const release = await intend(call, base);
  if (release === null) {
    await ledger.move('released', { reason: 'the spool cannot be written' });
    return refuse(visit, STATE_AWAY);
  }
  await orders[ledger.record.settles](call, base);
  release();
}

/** Takes no money for a call that nobody would be asked for: the payment is let go, and buys the call when it is sent again. */
async function isSparedFor({ visit, api, route, principal, ledger }: PaidCall): Promise<boolean> {
  const closedMs = visit.gateway.upstream.closedForMs({ origin: api.origin, ...upstreamChoice(api, visit) });
  if (closedMs === null) return false;
  await ledger.move('released', { reason: 'the upstream fails and is not asked for a moment' });
  const detail =
    'The API behind this gateway fails, and is not asked for a moment. The payment was not taken and can be sent again.';
  const problem: Problem = { slug: 'upstream-failed', detail, retryAfterSeconds: Math.ceil(closedMs / 1_000) };
  refuseKeyed(visit, { problem, subject: { api, route, principal, guard: null } });
  return true;
}

const orders = { after: serveThenSettle, before: settleThenServe, optimistic: answerThenSettle } as const;

/**
 * When money is taken: where the route trusts payers that are known, after their answer went out; where it says so, or the call
 * asks for a stream, which cannot be held back until it is paid, before the call. What is taken of a ceiling is known at the end
 * only, and some rails take money after the call alone: a voucher is money already.
 */
export function orderOf({
  visit,
  route: { route },
  payment,
  body,
}: Pick<PaidCall, 'visit' | 'route' | 'payment' | 'body'>): PaymentRecord['settles'] {
  if (isCeiling(payment) || !payment.settles.includes('before')) return 'after';
  if (route.exposureCapNanoUsd !== undefined && payment.payer !== '') return 'optimistic';
  return route.settles === 'before' || asksForStream(visit.request, body) ? 'before' : 'after';
}
