import { formatUsd, type NanoUsd, ZERO_USD } from '@tollwright/core';
import {
  type Challenge,
  type Settlement,
  validityMarginSeconds,
  type X402Payment,
  type X402Rail,
} from '@tollwright/payments';
import { type HeaderEdit, readsAnswer } from '@tollwright/policies';
import { editHeaders } from '../guard/edit-headers.ts';
import type { Body } from '../http/read-body.ts';
import { upstreamHeaders } from '../http/request-headers.ts';
import { responseHeaders } from '../http/response-headers.ts';
import { countCall } from '../metrics/count-call.ts';
import { upstreamChoice, upstreamTarget } from '../pipeline/upstream-target.ts';
import { refuse, STATE_AWAY, type Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import type { EventTail } from '../spool/record.ts';
import { intentJson, type Members, membersOf, usageItemJson } from '../spool/record-json.ts';
import { withContext } from '../tracing/tracing.ts';
import type { UpstreamRequest } from '../upstream/upstream.ts';
import { type Collected, collect } from './collect.ts';
import type { PaymentLedger } from './payment-ledger.ts';
import { demandPayment, unknownProblem } from './replies.ts';

/** A verified payment that this gateway claimed, with the call that it is for. */
export interface PaidCall {
  readonly visit: Visit;
  readonly api: CompiledApi;
  readonly route: CompiledRoute;
  readonly rail: X402Rail;
  readonly payment: X402Payment;
  readonly ledger: PaymentLedger;
  readonly body: Extract<Body, { kind: 'none' | 'buffered' }>;
  /** Headers that policies strip and set. */
  readonly edits: readonly HeaderEdit[];
  /** What a failed settlement is answered with. */
  readonly challenge: (reason: string) => Challenge;
}

type Answered = Extract<Collected, { kind: 'answered' }>;

/**
 * Runs a paid call: the intent is on disk, the upstream answers, the payment is `settling` on disk and in the store, the
 * facilitator settles, and only then the caller gets the answer. A failed upstream gives the payment back unused.
 */
export async function servePaid(call: PaidCall): Promise<void> {
  const { visit, ledger, payment } = call;
  const base = eventBase(call);
  const release = await intend(call, base);
  if (release === null) {
    await ledger.move('released', { reason: 'the spool cannot be written' });
    return refuse(visit, STATE_AWAY);
  }
  const body = call.body.kind === 'buffered' ? call.body.bytes : null;
  const collected = await collect(visit.gateway.upstream, upstreamRequest(call), call.route, body);
  if (collected.kind === 'failed' || collected.status < 200 || collected.status > 299) {
    await giveBack(call, base, collected);
  } else if (await ledger.move('settling')) {
    await answerSettled(call, base, collected, await call.rail.settle(payment));
  } else {
    await record(call, base, tailOf(call, collected, 503, ZERO_USD));
    refuse(visit, unknownProblem(ledger.record.paymentId, null));
  }
  release();
}

async function answerSettled(call: PaidCall, base: Members, answer: Answered, settlement: Settlement): Promise<void> {
  const { visit, ledger, rail, payment } = call;
  const receipt = rail.receipt(payment, settlement);
  const { paymentId, priceNanoUsd } = ledger.record;
  switch (settlement.kind) {
    case 'settled':
      await ledger.move('settled', { transaction: settlement.transaction });
      await record(call, base, tailOf(call, answer, answer.status, priceNanoUsd));
      return writeAnswer(call, answer, priceNanoUsd, receipt);
    case 'failed': {
      await ledger.move('failed', { reason: settlement.reason });
      await record(call, base, tailOf(call, answer, 402, ZERO_USD));
      const detail = `The payment could not be settled: ${settlement.reason}. Nothing was charged.`;
      return demandPayment(visit, call.challenge(settlement.reason), { slug: 'payment-invalid', detail }, receipt);
    }
    case 'unknown':
      await ledger.move('unknown', { reason: settlement.reason, transaction: settlement.transaction });
      await record(call, base, tailOf(call, answer, 503, ZERO_USD));
      return refuse(visit, unknownProblem(paymentId, settlement.transaction));
  }
}

/** The upstream did not do its work: the payment is released, never settled, and may be sent again. */
async function giveBack(call: PaidCall, base: Members, collected: Collected): Promise<void> {
  const { visit, ledger } = call;
  const failed = collected.kind === 'failed';
  const reason = failed ? `upstream ${collected.reason}` : `upstream answered ${collected.status}`;
  await ledger.move('released', { reason: reason.slice(0, 200) });
  const status = failed ? (collected.timedOut ? 504 : 502) : collected.status;
  await record(call, base, tailOf(call, failed ? null : collected, status, ZERO_USD));
  if (!failed) return writeAnswer(call, collected, ZERO_USD, {});
  visit.gateway.log.warn({ requestId: visit.requestId, reason: collected.reason }, 'an upstream failed a paid call');
  const slug = collected.timedOut ? 'upstream-timeout' : 'upstream-failed';
  const { paymentId } = ledger.record;
  const detail = 'The API behind this gateway failed. The payment was not taken and can be sent again.';
  refuse(visit, { slug, detail, members: { paymentId } });
}

function writeAnswer(
  { visit: { response, requestId, method }, edits }: PaidCall,
  answer: Answered,
  chargedNanoUsd: NanoUsd,
  receipt: Readonly<Record<string, string>>,
): void {
  const headers = editHeaders(responseHeaders(answer.headers), edits, 'response');
  headers.push('x-request-id', requestId, 'tollwright-cost-usd', formatUsd(chargedNanoUsd));
  for (const [name, value] of Object.entries(receipt)) headers.push(name, value);
  response.writeHead(answer.status, headers);
  response.end(method === 'HEAD' ? undefined : answer.body);
}

/** Writes the intent and the claimed payment to disk; answers how to let the segment go, or null when it cannot. */
async function intend({ visit, ledger, route }: PaidCall, base: Members): Promise<(() => void) | null> {
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

function record({ visit, api }: PaidCall, base: Members, tail: EventTail): Promise<void> {
  const { spool, log } = visit.gateway;
  return new Promise((resolve) => {
    spool.record(usageItemJson(base, tail), true, (error) => {
      if (error) log.error({ err: error, eventId: visit.eventId }, 'an outcome could not be written');
      countCall(visit, api, tail);
      resolve();
    });
  });
}

function tailOf(call: PaidCall, answer: Answered | null, status: number, charged: NanoUsd): EventTail {
  const { visit, route } = call;
  const bytesOut = answer?.body.length ?? 0;
  const durationMs = performance.now() - visit.startedMark;
  const known = { bytes_in: bytesIn(call), bytes_out: bytesOut, duration_ms: Math.ceil(durationMs) };
  return {
    data: { ...answer?.reading.fields, ...route.known, status, ...known },
    bytesOut,
    durationMs,
    firstByteMs: answer === null ? null : answer.firstByteMark - visit.startedMark,
    estimated: answer?.reading.estimated ?? false,
    ratedNanoUsd: charged,
    chargedNanoUsd: charged,
    shortfallNanoUsd: ZERO_USD,
    charges: [],
    decision: 'forwarded',
    status,
    upstreamStatus: answer?.status ?? null,
  };
}

function bytesIn({ body }: PaidCall): number {
  return body.kind === 'buffered' ? body.bytes.length : 0;
}

function eventBase(call: PaidCall): Members {
  const { visit, api, route, payment, ledger } = call;
  const { snapshot } = api;
  return membersOf({
    schemaVersion: 1,
    eventId: visit.eventId,
    requestId: visit.requestId,
    type: 'request',
    livemode: snapshot.livemode,
    providerId: snapshot.providerId,
    customerId: null,
    agentId: null,
    parentAgentId: null,
    projectId: null,
    sessionId: null,
    keyId: null,
    payer: payment.payer,
    apiId: snapshot.apiId,
    routeId: route.route.id,
    snapshotVersion: snapshot.version,
    planVersionId: null,
    bytesIn: bytesIn(call),
    costNanoUsd: null,
    rail: payment.rail,
    paymentId: ledger.record.paymentId,
    gateway: visit.gateway.name,
    occurredAt: new Date(visit.startedAtMs).toISOString(),
  });
}

function upstreamRequest({ visit, api, route, body, payment, edits }: PaidCall): UpstreamRequest {
  const { upstream } = api.snapshot;
  const payableMs = settleableMs(payment);
  return {
    origin: api.origin,
    method: visit.method,
    target: upstreamTarget(api, visit),
    headers: editHeaders(
      withContext(
        upstreamHeaders(visit.request.rawHeaders, {
          host: api.host,
          requestId: visit.requestId,
          credential: api.credential,
          identityEncoding: readsAnswer(route.rule),
          stripped: api.keyHeaders,
        }),
        visit.span,
      ),
      edits,
      'request',
    ),
    body: body.kind === 'buffered' ? body.bytes : null,
    timeouts:
      payableMs < upstream.totalTimeoutMs ? { ...upstream, totalTimeoutMs: payableMs, totalIsCallers: true } : upstream,
    ...upstreamChoice(api, visit),
  };
}

/** How long the upstream may take: an answer that comes later could not be paid for any more. */
function settleableMs({ validBeforeMs }: X402Payment): number {
  return Math.max(0, validBeforeMs - validityMarginSeconds * 1_000 - Date.now());
}
