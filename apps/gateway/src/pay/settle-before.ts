import { ZERO_USD } from '@tollwright/core';
import type { Settlement } from '@tollwright/payments';
import { problemEvent } from '../pipeline/cut-event.ts';
import { refuse } from '../pipeline/visit.ts';
import type { Members } from '../spool/record-json.ts';
import type { Collected } from './collect.ts';
import type { PaidCall } from './paid-call.ts';
import { type Answered, failureOf, record, tailOf, writeAnswer } from './paid-outcome.ts';
import { askUpstream, type Streamed } from './paid-upstream.ts';
import { demandPayment, unknownProblem } from './replies.ts';
import { settledChange, settleOrderOf } from './settle-order.ts';

/**
 * The rail settles, and only then the upstream is asked: it never works for nothing. Where it fails, the payment is
 * `refunding`, and the worker gives it back; the caller gets no receipt.
 */
export async function settleThenServe(call: PaidCall, base: Members): Promise<void> {
  const { ledger, payment } = call;
  const { priceNanoUsd } = ledger.record;
  const settlement = await settleFirst(call, (status) => record(call, base, tailOf(call, null, status, false)));
  if (settlement === null) return;
  const { transaction } = settlement;
  const receipt = payment.receipt(settlement, Date.now());
  const collected = await askUpstream(call, null, { kind: 'streams', headers: receipt });
  if (collected.kind === 'streamed') return endStream(call, base, collected, transaction);
  if (collected.kind === 'failed' || failureOf(collected) !== null) {
    return giveMoneyBack(call, base, collected, transaction);
  }
  const used = tailOf(call, collected, collected.status, true);
  if (used.chargedNanoUsd === 0n) return giveMoneyBack(call, base, collected, transaction);
  await record(call, base, used);
  return writeAnswer(call, collected, priceNanoUsd, receipt);
}

type Settled = Extract<Settlement, { kind: 'settled' }>;

/** Takes the money. Null: it is not there, or nobody knows; then the caller is told, after `noted` has kept the status. */
export async function settleFirst(
  call: PaidCall,
  noted: (status: 402 | 503) => Promise<void>,
): Promise<Settled | null> {
  const { visit, ledger, payment } = call;
  const { paymentId } = ledger.record;
  const inDoubt = async (transaction: string | null) => {
    await noted(503);
    refuse(visit, unknownProblem(paymentId, transaction));
    return null;
  };
  if (!(await ledger.move('settling'))) return inDoubt(null);
  const settlement = await payment.settle(settleOrderOf(call));
  switch (settlement.kind) {
    case 'unknown':
      await ledger.move('unknown', { reason: settlement.reason, transaction: settlement.transaction });
      return inDoubt(settlement.transaction);
    case 'released':
    case 'failed': {
      const reason = settlement.kind === 'failed' ? settlement.reason : 'nothing was owed';
      await ledger.move('failed', { reason });
      await noted(402);
      const detail = `The payment could not be settled: ${reason}. Nothing was charged.`;
      const receipt = payment.receipt(settlement, Date.now());
      demandPayment(visit, call.challenge(reason), { slug: 'payment-invalid', detail }, receipt);
      return null;
    }
    case 'settled':
      await ledger.move('settled', settledChange(settlement));
      return settlement;
  }
}

/** The stream is at the caller. One that the upstream broke off, or that is free, was paid for nothing. */
async function endStream(call: PaidCall, base: Members, { tail, end }: Streamed, transaction: string): Promise<void> {
  const { visit, ledger } = call;
  if (tail.chargedNanoUsd > 0n) {
    await record(call, base, tail);
    return end();
  }
  await ledger.moveForSure('refunding', { transaction, reason: 'nothing was owed for the stream' });
  await record(call, base, tail);
  const { paymentId, state } = ledger.record;
  const detail = 'The API behind this gateway broke off, or sent nothing that is charged. The payment is given back.';
  end({ tail, event: problemEvent(visit, { slug: 'upstream-failed', detail, members: { paymentId, state } }) });
}

/** The upstream did not do its work, and its money is there: it is given back, whether the caller still listens or not. */
async function giveMoneyBack(call: PaidCall, base: Members, collected: Collected, transaction: string): Promise<void> {
  const { visit, ledger } = call;
  const answer: Answered | null = collected.kind === 'answered' ? collected : null;
  await ledger.moveForSure('refunding', {
    transaction,
    reason: failureOf(collected)?.slice(0, 200) ?? 'nothing was owed',
  });
  const status = answer?.status ?? (collected.kind === 'failed' && collected.timedOut ? 504 : 502);
  await record(call, base, tailOf(call, answer, status, false));
  if (answer !== null) return writeAnswer(call, answer, ZERO_USD, []);
  const slug = status === 504 ? 'upstream-timeout' : 'upstream-failed';
  const { paymentId, state } = ledger.record;
  const detail = 'The API behind this gateway failed after it was paid. The payment is given back.';
  refuse(visit, { slug, detail, members: { paymentId, state } });
}
