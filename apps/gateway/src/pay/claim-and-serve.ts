import { hash as digest } from 'node:crypto';
import {
  isUnderWay,
  lossOf,
  type PaymentLoss,
  type PaymentState,
  type Principal,
  type TopUp,
} from '@tollwright/contracts';
import type { Problem } from '@tollwright/core';
import type { Payment } from '@tollwright/payments';
import { type Channel, type Claim, StateUnavailable } from '@tollwright/state';
import type { Body } from '../http/read-body.ts';
import { type RefusedSubject, refuseKeyed } from '../pipeline/note-decision.ts';
import { requestHash } from '../pipeline/request-hash.ts';
import { STATE_AWAY } from '../pipeline/visit.ts';
import { demand, invalid, notAllowed } from './demand.ts';
import { orderOf, type PaidCall, servePaid } from './paid-call.ts';
import { PaymentLedger } from './payment-ledger.ts';
import { refuseStepUp } from './refuse-step-up.ts';
import { takenProblem } from './replies.ts';
import { claimVoucher, type VoucherClaim } from './session/claim-voucher.ts';
import { type ClaimAttempt, claimTermsOf } from './step-up.ts';
import { replayPaidAnswer } from './stored-answer.ts';

/** A call of a key that its plan does not cover, and its body as it was read. */
export interface Uncovered {
  readonly principal: Principal;
  /** Null: it was not read. */
  readonly body: Body | null;
  /** What a 402 says beside its offers, where that is more than that this is to be paid for. */
  readonly problem?: Problem;
  /** What the payment buys instead of the call; left out where it pays for the call. */
  readonly topUp?: TopUpSale;
}

/** A payment that buys credit: what its record says of it, and what is done once it is claimed and verified. */
export interface TopUpSale {
  readonly topUp: TopUp;
  serve(call: PaidCall): Promise<void>;
}

/** Claims a payment that passed the local check, has it verified, and serves what it pays for. */
export async function claimAndServe(
  call: Omit<PaidCall, 'ledger' | 'requestHash'>,
  subject: RefusedSubject,
  uncovered: Uncovered | null,
  lose: (loss: PaymentLoss) => void,
): Promise<void> {
  const { visit, payment } = call;
  const { gateway } = visit;
  const topUp = uncovered?.topUp ?? null;
  if (!gateway.registered) {
    lose('not-checked');
    return refuseKeyed(visit, { problem: STATE_AWAY, subject });
  }
  // Credit is bought with money that has come.
  const settles = topUp === null ? orderOf(call) : 'before';
  const order = { settles, beside: call.principal, topUp: topUp?.topUp };
  const ledger = new PaymentLedger(visit, call.api, call.route, payment, order);
  const hash = soldHash(call);
  const { attempts, refusal } = claimTermsOf(call, payment);
  gateway.running++;
  let isDecided = false;
  try {
    const reply = await claimOf(call, ledger, hash, attempts);
    isDecided = true;
    if (reply.kind === 'beyond') {
      lose('step-up');
      const { priceNanoUsd } = payment.offer;
      return refuseStepUp({ place: call, problem: refusal, priceNanoUsd }, subject);
    }
    if (reply.kind === 'told' || reply.kind === 'again') return answerUnclaimed(call, reply, subject, lose);
    const { channel } = reply;
    if (reply.kind === 'taken') return await answerTaken(call, reply.claim, channel, hash, subject, lose);
    const claimed = channel === undefined ? payment : (payment.voucher?.claimed(channel) ?? payment);
    if (!(await isVerified(claimed, call, ledger, subject))) return;
    const paid = { ...call, payment: claimed, ledger, requestHash: hash };
    await (topUp === null ? servePaid(paid) : topUp.serve(paid));
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    if (!isDecided) lose('not-checked');
    refuseKeyed(visit, { problem: STATE_AWAY, subject });
  } finally {
    gateway.running--;
  }
}

type Claimed = Awaited<ReturnType<PaymentLedger['claim']>> & { readonly channel?: undefined };
type Unclaimed = Extract<VoucherClaim, { kind: 'told' | 'again' }>;

async function claimOf(
  call: Omit<PaidCall, 'ledger' | 'requestHash'>,
  ledger: PaymentLedger,
  hash: string,
  attempts: readonly ClaimAttempt[],
): Promise<Claimed | VoucherClaim> {
  const { voucher } = call.payment;
  if (voucher === null) return ledger.claim(hash, attempts, call.route.route.exposureCapNanoUsd);
  return attempts.length === 0 ? { kind: 'beyond' } : claimVoucher({ ...call, voucher }, ledger, hash);
}

/** Answers who shows a voucher that could not be claimed. */
function answerUnclaimed(
  { visit, challenge }: Pick<PaidCall, 'visit' | 'challenge'>,
  reply: Unclaimed,
  subject: RefusedSubject,
  lose: (loss: PaymentLoss) => void,
): void {
  if (reply.kind === 'told') {
    lose('other');
    refuseKeyed(visit, { problem: reply.problem, subject });
  } else {
    lose(lossOf(reply.reason));
    demand(visit, challenge(reply.reason, reply.channel), invalid(reply.reason), subject);
  }
}

/** SHA-256 of what is paid for. A voucher may be shown under many challenges, of which one is served. */
function soldHash({ visit, body, payment }: Pick<PaidCall, 'visit' | 'body' | 'payment'>): string {
  const hash = requestHash(visit, body.kind === 'buffered' ? body.bytes : null);
  return payment.voucher === null ? hash : digest('sha256', `${hash} ${payment.paymentIdentifier}`, 'hex');
}

/** Answers who shows a payment that was claimed before: with its stored answer, or with what became of it. */
async function answerTaken(
  call: Omit<PaidCall, 'ledger' | 'requestHash'>,
  claim: Claim,
  channel: Channel | undefined,
  requestHash: string,
  subject: RefusedSubject,
  lose: (loss: PaymentLoss) => void,
): Promise<void> {
  const isAnswered = claim.state === 'settled' && claim.reason === null;
  if (isAnswered && (await replayPaidAnswer({ ...call, requestHash }))) return;
  lose(lossOfTaken(claim.state));
  const problem = takenProblem(claim, requestHash);
  // Under another challenge its payer may not know that this voucher has paid: the next one will.
  const isSpent = channel !== undefined && claim.state === 'settled' && claim.requestHash !== requestHash;
  if (problem !== null && !isSpent) return refuseKeyed(call.visit, { problem, subject });
  const reason = isSpent ? 'session/insufficient-balance' : 'payment_failed';
  demand(call.visit, call.challenge(reason, channel), invalid(reason), subject);
}

/**
 * Has the facilitator judge a claimed payment; otherwise lets the claim go and answers. Who is trusted to pay after the answer
 * need not be asked about, once it is sure who that is.
 */
async function isVerified(
  payment: Payment,
  { visit, challenge }: Pick<PaidCall, 'visit' | 'challenge'>,
  ledger: PaymentLedger,
  subject: RefusedSubject,
): Promise<boolean> {
  if (ledger.record.settles === 'optimistic' && payment.isProven === true) {
    ledger.noteVerified(Date.now());
    return true;
  }
  const verification = await payment.verify();
  if (verification.kind === 'valid') {
    ledger.noteVerified(Date.now());
    return true;
  }
  await ledger.move('released', { reason: verification.reason.slice(0, 200) });
  if (verification.kind === 'invalid') {
    const { reason, allowance } = verification;
    const problem = allowance === undefined ? invalid(reason) : notAllowed(reason, allowance);
    demand(visit, challenge(reason), problem, subject);
    return false;
  }
  visit.gateway.log.warn(
    { requestId: visit.requestId, reason: verification.reason },
    'the facilitator does not answer',
  );
  const detail = 'The payment could not be verified now. It was not taken and can be sent again.';
  const problem: Problem = { slug: 'state-unavailable', detail, retryAfterSeconds: 2 };
  refuseKeyed(visit, { problem, subject });
  return false;
}

/** Why a credential that was claimed before bought nothing more. */
function lossOfTaken(state: PaymentState): PaymentLoss {
  if (state === 'failed') return 'not-settled';
  return isUnderWay(state) ? 'in-progress' : 'used-before';
}
