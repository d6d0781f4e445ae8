import { type Problem, ZERO_USD } from '@tollwright/core';
import type { HeaderFields } from '@tollwright/payments';
import { problemEvent } from '../pipeline/cut-event.ts';
import type { EventTail } from '../spool/record.ts';
import type { Members } from '../spool/record-json.ts';
import { amountsOf, chargeFor } from './charge-for.ts';
import type { PaidCall } from './paid-call.ts';
import { record } from './paid-outcome.ts';
import type { Streamed } from './paid-upstream.ts';
import { unknownProblem } from './replies.ts';
import { settledChange, settleOrderOf } from './settle-order.ts';
import { settlePatiently } from './settle-patiently.ts';

/** How the money of what the caller has already ended. `problem` null: it was taken, or none was owed. */
export interface Taken {
  readonly tail: EventTail;
  readonly receipt: HeaderFields;
  readonly problem: Problem | null;
}

/** Takes the money of what was served. What was served and not paid is the provider's shortfall. */
export async function takeServed(call: PaidCall, tail: EventTail): Promise<Taken> {
  const { ledger, payment } = call;
  const { paymentId } = ledger.record;
  const unpaid = (problem: Problem | null): Taken => {
    return { tail: { ...tail, chargedNanoUsd: ZERO_USD, shortfallNanoUsd: tail.ratedNanoUsd }, receipt: [], problem };
  };
  if (tail.chargedNanoUsd === 0n) {
    await ledger.move('released', { reason: 'nothing was owed' });
    return { tail, receipt: [], problem: null };
  }
  const charge = chargeFor(payment, tail.chargedNanoUsd);
  if (!(await ledger.move('settling', amountsOf(charge)))) {
    // What a voucher signs is not lost with the call: nothing else would free what it holds of its channel.
    if (payment.voucher !== null) void ledger.letGo('the store could not be told before it was settled');
    return unpaid(unknownProblem(paymentId, null));
  }
  const order = settleOrderOf(call, charge);
  const isLent = ledger.record.settles === 'optimistic';
  const settlement = await (isLent ? settlePatiently(call, order) : payment.settle(order));
  switch (settlement.kind) {
    case 'settled':
      await ledger.move('settled', settledChange(settlement));
      return { tail, receipt: payment.receipt(settlement, Date.now()), problem: null };
    case 'released':
      await ledger.move('released', { reason: 'nothing was owed' });
      return unpaid(null);
    case 'failed': {
      await ledger.move('failed', { reason: settlement.reason });
      const detail = `The payment could not be settled: ${settlement.reason}. Nothing was charged.`;
      return unpaid({ slug: 'payment-invalid', detail, members: { paymentId } });
    }
    case 'unknown': {
      const { reason, transaction } = settlement;
      await ledger.move('unknown', { reason, transaction });
      return unpaid(unknownProblem(paymentId, transaction));
    }
  }
}

/**
 * A stream is at the caller, and is settled for what was used of it. Its receipt, or why there is none, is its last event: the
 * head has left.
 */
export async function settleStream(call: PaidCall, base: Members, { tail, end }: Streamed): Promise<void> {
  const taken = await takeServed(call, tail);
  await record(call, base, taken.tail);
  const event = taken.problem === null ? receiptEvent(taken.receipt) : problemEvent(call.visit, taken.problem);
  end({ tail: taken.tail, event });
}

/** A receipt as an event, as its header has it but for the coding: a client that reads events reads no trailers. */
function receiptEvent(receipt: HeaderFields): string {
  const documents = receipt.map(([, value]) => Buffer.from(value, 'base64').toString('utf8'));
  return documents.map((document) => `event: payment-receipt\ndata: ${document}\n\n`).join('');
}
