import type { Problem } from '@tollwright/core';
import { StateUnavailable } from '@tollwright/state';
import type { Subject } from '../pipeline/decide.ts';
import { requestHash } from '../pipeline/request-hash.ts';
import { STATE_AWAY, type Visit } from '../pipeline/visit.ts';
import { answerKeyOf } from './idempotency-key.ts';
import { KeptCall } from './kept-call.ts';
import { openAnswer } from './note.ts';
import { lostProblem, MISMATCH, notStoredProblem, replay, runningProblem } from './replies.ts';

/** How long a key stands for its call, from the call's beginning. */
export const WINDOW_MS = 86_400_000;

/** `replayed`: the first answer was given again, and nothing is left to do. */
export type Begun =
  | { readonly kind: 'begun'; readonly call: KeptCall }
  | { readonly kind: 'replayed' }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Begins a call under its idempotency key, or answers what became of the one that was begun before. */
export async function beginCall(visit: Visit, subject: Subject, key: string, body: Buffer | null): Promise<Begun> {
  const { gateway, eventId } = visit;
  const answerKey = answerKeyOf(subject, key);
  const call = new KeptCall(visit, subject, answerKey);
  const asked = { callId: eventId, spoolId: gateway.spool.spoolId, requestHash: requestHash(visit, body) };
  try {
    const reply = await gateway.state.answers.begin(answerKey, asked, WINDOW_MS);
    if (reply.kind === 'begun') return { kind: 'begun', call };
    const { answer } = reply;
    if (answer.requestHash !== asked.requestHash) return { kind: 'refused', problem: MISMATCH };
    if (answer.note === null) {
      return { kind: 'refused', problem: answer.state === 'lost' ? lostProblem(answer) : runningProblem(answer) };
    }
    if (answer.state === 'unstored') return { kind: 'refused', problem: notStoredProblem(answer.note) };
    const { providerId } = subject.principal.customer;
    replay(visit, openAnswer(gateway.masterKeys, { providerId, answerKey }, answer.note));
    gateway.metrics.called(subject.api.snapshot.apiId, 'replayed', visit.response.statusCode);
    return { kind: 'replayed' };
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    // It may have been begun all the same: the store is told that it was not.
    void call.free();
    return { kind: 'refused', problem: STATE_AWAY };
  }
}
