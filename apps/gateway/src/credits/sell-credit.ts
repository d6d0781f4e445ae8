import { setTimeout as sleep } from 'node:timers/promises';
import { type Principal, type TopUp, toJson } from '@tollwright/contracts';
import { formatUsd } from '@tollwright/core';
import type { HeaderFields } from '@tollwright/payments';
import { balanceOf } from '@tollwright/policies';
import { StateUnavailable } from '@tollwright/state';
import { creditUse } from '../me/me-document.ts';
import type { PaidCall } from '../pay/paid-call.ts';
import { settleFirst } from '../pay/settle-before.ts';
import { keepPaidAnswer } from '../pay/stored-answer.ts';
import { refuse, STATE_AWAY, type Visit } from '../pipeline/visit.ts';

const CREDITED_MS_MAX = 5_000;
const LOOK_AGAIN_MS = 40;

/**
 * Takes the money for credit. The payment's record says what it buys, and whoever stores it grants that once; so a gateway
 * that dies after settlement loses nothing, and this one only waits until the balance has it.
 */
export async function sellCredit(call: PaidCall, key: string): Promise<void> {
  const { visit, ledger, payment } = call;
  const { topUp, paymentId } = ledger.record;
  if (topUp === undefined) throw new Error('a payment for credit does not say for whose');
  try {
    await ledger.note();
  } catch (error) {
    visit.gateway.log.error({ err: error }, 'the spool cannot be written; credit is not sold');
    await ledger.move('released', { reason: 'the spool cannot be written' });
    return refuse(visit, STATE_AWAY);
  }
  const settlement = await settleFirst(call, async () => undefined);
  if (settlement === null) return;
  const credited = await untilCredited(visit, key, paymentId);
  const balance = credited === null ? null : await balanceNow(visit, credited);
  await answer(call, topUp, balance, payment.receipt(settlement, Date.now()));
}

/** The key's record as soon as it has the payment's credit; null where that takes too long. */
async function untilCredited({ gateway }: Visit, key: string, paymentId: string): Promise<Principal | null> {
  const deadlineMs = Date.now() + CREDITED_MS_MAX;
  while (Date.now() < deadlineMs) {
    const principal = await tried(() => gateway.principals.findNow(key));
    if (principal?.customer.creditedPayments?.includes(paymentId) === true) return principal;
    await sleep(LOOK_AGAIN_MS);
  }
  return null;
}

async function balanceNow({ gateway }: Visit, principal: Principal) {
  const nodes = await tried(() => gateway.state.counters.read(`c:${principal.customer.customerId}`));
  return nodes === null ? null : creditUse(balanceOf(principal), nodes, Date.now());
}

/** The money is there, so a store that is away meanwhile fails nothing. */
async function tried<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    return null;
  }
}

/** 200 with the balance that has the credit, or 202 while it is on its way. */
async function answer(
  call: PaidCall,
  { agentId, creditNanoUsd }: TopUp,
  balance: ReturnType<typeof creditUse> | null,
  receipt: HeaderFields,
): Promise<void> {
  const { visit, ledger } = call;
  const { response, requestId } = visit;
  const { paymentId, priceNanoUsd } = ledger.record;
  const status = balance === null ? 202 : 200;
  const paid = { paymentId, paidUsd: formatUsd(priceNanoUsd), creditUsd: formatUsd(creditNanoUsd) };
  const body = Buffer.from(toJson({ ...paid, agentId, credited: balance !== null, balance }));
  const headers = ['content-type', 'application/json', 'cache-control', 'private', ...receipt.flat()];
  await keepPaidAnswer(call, { requestId, status, headers: [...headers], body });
  response.writeHead(status, [...headers, 'content-length', String(body.length), 'x-request-id', requestId]);
  response.end(body);
}
