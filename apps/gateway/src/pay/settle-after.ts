import { ZERO_USD } from '@tollwright/core';
import type { Settlement } from '@tollwright/payments';
import { refuse } from '../pipeline/visit.ts';
import type { EventTail } from '../spool/record.ts';
import type { Members } from '../spool/record-json.ts';
import { amountsOf, chargeFor } from './charge-for.ts';
import type { Collected } from './collect.ts';
import type { PaidCall } from './paid-call.ts';
import { type Answered, failureOf, record, tailOf, writeAnswer } from './paid-outcome.ts';
import { askUpstream, type Passing, settleableMs } from './paid-upstream.ts';
import { demandPayment, unknownProblem } from './replies.ts';
import { isCeiling } from './sale.ts';
import { settledChange, settleOrderOf } from './settle-order.ts';
import { settleStream } from './settle-served.ts';

/**
 * The upstream answers, the payment is `settling` on disk and in the store, the rail settles, and only then the caller gets
 * the answer. A failed upstream gives the payment back unused.
 */
export async function serveThenSettle(call: PaidCall, base: Members): Promise<void> {
  const { payment } = call;
  const passes = isCeiling(payment) || payment.voucher !== null;
  const passing: Passing = passes ? { kind: 'streams', headers: [] } : { kind: 'whole' };
  const collected = await askUpstream(call, settleableMs(payment), passing);
  if (collected.kind === 'streamed') await settleStream(call, base, collected);
  else if (collected.kind === 'answered' && failureOf(collected) === null) await settleAndAnswer(call, base, collected);
  else await giveBack(call, base, collected);
}

async function settleAndAnswer(call: PaidCall, base: Members, answer: Answered): Promise<void> {
  const { visit, ledger, payment } = call;
  const { paymentId } = ledger.record;
  const used = tailOf(call, answer, answer.status, true);
  if (used.chargedNanoUsd === 0n) return answerFree(call, base, answer, used);
  const charge = chargeFor(payment, used.chargedNanoUsd);
  if (await ledger.move('settling', amountsOf(charge))) {
    return answerSettled(call, base, answer, used, await payment.settle(settleOrderOf(call, charge)));
  }
  void ledger.letGo('the store could not be told before it was settled');
  await record(call, base, tailOf(call, answer, 503, false));
  refuse(visit, unknownProblem(paymentId, null));
}

/** Nothing was used, so nobody is asked for money: the authorization stays unused. */
export async function answerFree(call: PaidCall, base: Members, answer: Answered, used: EventTail): Promise<void> {
  await call.ledger.move('released', { reason: 'nothing was owed' });
  await record(call, base, used);
  return writeAnswer(call, answer, ZERO_USD, []);
}

async function answerSettled(
  call: PaidCall,
  base: Members,
  answer: Answered,
  used: EventTail,
  settlement: Settlement,
): Promise<void> {
  const { visit, ledger, payment } = call;
  const receipt = payment.receipt(settlement, Date.now());
  const { paymentId } = ledger.record;
  switch (settlement.kind) {
    case 'settled':
      await ledger.move('settled', settledChange(settlement));
      await record(call, base, used);
      return writeAnswer(call, answer, used.chargedNanoUsd, receipt);
    case 'released':
      return answerFree(call, base, answer, tailOf(call, answer, answer.status, false));
    case 'failed': {
      await ledger.move('failed', { reason: settlement.reason });
      await record(call, base, tailOf(call, answer, 402, false));
      const detail = `The payment could not be settled: ${settlement.reason}. Nothing was charged.`;
      return demandPayment(visit, call.challenge(settlement.reason), { slug: 'payment-invalid', detail }, receipt);
    }
    case 'unknown':
      await ledger.move('unknown', { reason: settlement.reason, transaction: settlement.transaction });
      await record(call, base, tailOf(call, answer, 503, false));
      return refuse(visit, unknownProblem(paymentId, settlement.transaction));
  }
}

/** The upstream did not do its work: the payment is released, never settled, and may be sent again. */
export async function giveBack(call: PaidCall, base: Members, collected: Collected): Promise<void> {
  const { visit, ledger } = call;
  const failed = collected.kind === 'failed';
  await ledger.move('released', { reason: failureOf(collected)?.slice(0, 200) ?? null });
  const status = failed ? (collected.timedOut ? 504 : 502) : collected.status;
  await record(call, base, tailOf(call, failed ? null : collected, status, false));
  if (!failed) return writeAnswer(call, collected, ZERO_USD, []);
  visit.gateway.log.warn({ requestId: visit.requestId, reason: collected.reason }, 'an upstream failed a paid call');
  const slug = collected.timedOut ? 'upstream-timeout' : 'upstream-failed';
  const { paymentId } = ledger.record;
  const detail = 'The API behind this gateway failed. The payment was not taken and can be sent again.';
  refuse(visit, { slug, detail, members: { paymentId } });
}
