import { formatUsd, type NanoUsd } from '@tollwright/core';
import type { HeaderFields } from '@tollwright/payments';
import { editHeaders } from '../guard/edit-headers.ts';
import { responseHeaders } from '../http/response-headers.ts';
import { nothingRead } from '../meter/meter.ts';
import { countCall } from '../metrics/count-call.ts';
import { outcomeOf } from '../pipeline/outcome.ts';
import type { EventBase, EventTail } from '../spool/record.ts';
import { intentJson, type Members, membersOf, usageItemJson } from '../spool/record-json.ts';
import type { Collected } from './collect.ts';
import type { PaidCall } from './paid-call.ts';
import { ratedSale } from './sale.ts';
import { keepPaidAnswer } from './stored-answer.ts';

export type Answered = Extract<Collected, { kind: 'answered' }>;

/** What the upstream did instead of its work; null when it did it. */
export function failureOf(collected: Collected): string | null {
  if (collected.kind === 'failed') return `upstream ${collected.reason}`;
  return collected.status >= 200 && collected.status <= 299 ? null : `upstream answered ${collected.status}`;
}

/** The first half of the call's usage event. */
export function eventBase(call: PaidCall): Members {
  const { payment, ledger } = call;
  return uncoveredEvent(call, { payer: payment.payer, rail: payment.rail, paymentId: ledger.record.paymentId });
}

/** The same of any call that no plan covers. A key beside its payment says whose call it was; its account is charged nothing. */
export function uncoveredEvent(
  call: Pick<PaidCall, 'visit' | 'api' | 'route' | 'principal' | 'body'>,
  paid: Pick<EventBase, 'payer' | 'rail' | 'paymentId'>,
): Members {
  const { visit, api, route, principal } = call;
  const { snapshot } = api;
  return membersOf({
    schemaVersion: 1,
    eventId: visit.eventId,
    requestId: visit.requestId,
    type: 'request',
    livemode: snapshot.livemode,
    providerId: snapshot.providerId,
    customerId: principal?.customer.customerId ?? null,
    agentId: principal?.key.agentId ?? null,
    parentAgentId: null,
    projectId: principal?.key.projectId ?? null,
    sessionId: null,
    keyId: principal?.key.keyId ?? null,
    apiId: snapshot.apiId,
    routeId: route.route.id,
    snapshotVersion: snapshot.version,
    planVersionId: null,
    bytesIn: bytesIn(call),
    costNanoUsd: null,
    ...paid,
    gateway: visit.gateway.name,
    occurredAt: new Date(visit.startedAtMs).toISOString(),
  });
}

/** Writes the intent and the claimed payment to disk; answers how to let the segment go, or null when it cannot. */
export async function intend({ visit, ledger, route }: PaidCall, base: Members): Promise<(() => void) | null> {
  const { spool, log } = visit.gateway;
  try {
    const noted = ledger.note();
    const segment = await new Promise<number>((resolve, reject) => {
      const { claimKey } = ledger.record;
      const index: number = spool.intend(intentJson(null, claimKey, route.known, base), true, (error) =>
        error ? reject(error) : resolve(index),
      );
    });
    await noted;
    return () => spool.release(segment);
  } catch (error) {
    log.error({ err: error }, 'the spool cannot be written; a paid call is not forwarded');
    return null;
  }
}

/** Writes the outcome to disk. */
export function record({ visit, api }: PaidCall, base: Members, tail: EventTail): Promise<void> {
  const { spool, log } = visit.gateway;
  return new Promise((resolve) => {
    spool.record(usageItemJson(base, tail), true, (error) => {
      if (error) log.error({ err: error, eventId: visit.eventId }, 'an outcome could not be written');
      countCall(visit, api, tail);
      resolve();
    });
  });
}

/** How the call ended. `billable`: what it used is charged, at most what was agreed; otherwise nothing is. */
export function tailOf(call: PaidCall, answer: Answered | null, status: number, billable: boolean): EventTail {
  const { visit, route, sale } = call;
  return outcomeOf(ratedSale(route, sale), {
    reading: answer?.reading ?? nothingRead(),
    status,
    upstreamStatus: answer?.status ?? null,
    bytesIn: bytesIn(call),
    bytesOut: answer?.body.length ?? 0,
    durationMs: performance.now() - visit.startedMark,
    firstByteMs: answer === null ? null : answer.firstByteMark - visit.startedMark,
    billable,
  });
}

function bytesIn({ body }: Pick<PaidCall, 'body'>): number {
  return body.kind === 'buffered' ? body.bytes.length : 0;
}

/** Answers a call that is paid, as a receipt says, or that cost nothing. The answer of one that is paid is kept for a while. */
export async function writeAnswer(
  call: PaidCall,
  answer: Answered,
  chargedNanoUsd: NanoUsd,
  receipt: HeaderFields,
  isPaid = receipt.length > 0,
): Promise<void> {
  const { visit, edits } = call;
  const { response, requestId, method } = visit;
  const { status, body } = answer;
  const headers = editHeaders(responseHeaders(answer.headers), edits, 'response');
  for (const [name, value] of receipt) headers.push(name, value);
  if (isPaid) {
    headers.push('tollwright-rail-fee-usd', formatUsd(call.ledger.record.feeNanoUsd));
    await keepPaidAnswer(call, { requestId, status, headers: [...headers], body });
  }
  headers.push('x-request-id', requestId, 'tollwright-cost-usd', formatUsd(chargedNanoUsd));
  response.writeHead(status, headers);
  response.end(method === 'HEAD' ? undefined : body);
}
