import { hash } from 'node:crypto';
import type { Payment, PaymentFacts } from '@tollwright/payments';
import { StateUnavailable } from '@tollwright/state';
import { shownKey } from '../idempotency/idempotency-key.ts';
import { openAnswer, type StoredAnswer, sealAnswer } from '../idempotency/note.ts';
import { replay } from '../idempotency/replies.ts';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi } from '../snapshot/compiled-api.ts';

const BODY_BYTES_MAX = 64 * 1024;

/** A call with its payment, as far as its answer is kept. */
export interface PaidAnswer {
  readonly visit: Visit;
  readonly api: CompiledApi;
  readonly payment: Payment;
  readonly requestHash: string;
}

/**
 * Keeps the answer of a paid call until its credential ends, sealed, for whoever shows what only the payer knows. A store that
 * is away keeps nothing: the payment then says 409 when it is shown again.
 */
export async function keepPaidAnswer(paid: PaidAnswer, answer: StoredAnswer): Promise<void> {
  const { visit, api, payment, requestHash } = paid;
  const { gateway, eventId: callId, startedAtMs } = visit;
  const answerKey = answerKeyOf(visit, payment);
  if (answerKey === null || answer.body.length > BODY_BYTES_MAX) return;
  if (!gateway.keptBytes.take(`payer ${payment.payer || payment.claimKey}`, answer.body.length, startedAtMs)) return;
  const windowMs = Math.max(1, payment.validBeforeMs - Date.now());
  const note = sealAnswer(gateway.masterKeys, { providerId: api.snapshot.providerId, answerKey }, answer);
  try {
    const call = { callId, spoolId: gateway.spool.spoolId, requestHash };
    const begun = await gateway.state.answers.begin(answerKey, call, windowMs);
    if (begun.kind === 'begun') await gateway.state.answers.end(answerKey, callId, { kind: 'stored', note });
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    gateway.log.warn({ err: error, requestId: visit.requestId }, 'the answer of a paid call is not kept');
  }
}

/** Gives the answer of a settled payment again, for nothing. False where there is none for this credential and request. */
export async function replayPaidAnswer({ visit, api, payment, requestHash }: PaidAnswer): Promise<boolean> {
  const { gateway, eventId: callId } = visit;
  const answerKey = answerKeyOf(visit, payment);
  if (answerKey === null) return false;
  const call = { callId, spoolId: gateway.spool.spoolId, requestHash };
  const reply = await gateway.state.answers.begin(answerKey, call, 1);
  if (reply.kind === 'begun') {
    await gateway.state.answers.end(answerKey, callId, { kind: 'freed' });
    return false;
  }
  const { answer } = reply;
  if (answer.note === null || answer.state !== 'stored' || answer.requestHash !== requestHash) return false;
  const owner = { providerId: api.snapshot.providerId, answerKey };
  replay(visit, openAnswer(gateway.masterKeys, owner, answer.note));
  gateway.metrics.called(api.snapshot.apiId, 'replayed', visit.response.statusCode);
  return true;
}

/**
 * Where the answer is kept. Whoever reads a chain can rebuild an authorization, and must not get what it paid for: the name
 * is made of what never gets there, an identifier of the client's, the id of a challenge, or an Idempotency-Key.
 */
function answerKeyOf({ request }: Visit, { claimKey, paymentIdentifier }: PaymentFacts): string | null {
  const shown = shownKey(request.headers);
  const secret = paymentIdentifier ?? (shown.kind === 'key' ? shown.key : null);
  return secret === null ? null : `paid:${hash('sha256', JSON.stringify([claimKey, secret]), 'hex')}`;
}
