import type { Problem } from '@tollwright/core';
import type { Challenge } from '@tollwright/payments';
import { signInMsMax } from '@tollwright/protocols';
import { type Access, StateUnavailable } from '@tollwright/state';
import { type RefusedSubject, refuseKeyed } from '../../pipeline/note-decision.ts';
import { STATE_AWAY, type Visit } from '../../pipeline/visit.ts';
import { demand } from '../demand.ts';
import type { SignInDesk, SignInSpot, Visitor } from './sign-in-desk.ts';

/** Whoever signed in, and what lets them in; null: nothing does. */
export interface Welcomed {
  readonly visitor: Visitor;
  readonly access: Access | null;
}

/**
 * Judges who signs in, uses the nonce up, and looks for what was paid before. Null: the sign-in was refused, and the caller told,
 * with the offers of a fresh 402.
 */
export async function welcome(
  visit: Visit,
  { desk, proof, spot }: { readonly desk: SignInDesk; readonly proof: string; readonly spot: SignInSpot },
  challenge: (reason: string) => Challenge,
  subject: RefusedSubject,
): Promise<Welcomed | null> {
  const { gateway } = visit;
  const away = () => {
    refuseKeyed(visit, { problem: STATE_AWAY, subject });
    return null;
  };
  const refused = (detail: string, reason: string) => {
    demand(visit, challenge(reason), invalidSignIn(detail, reason), subject);
    return null;
  };
  if (!gateway.registered) return away();
  const judged = await desk.judge(proof, spot);
  switch (judged.kind) {
    case 'malformed':
      return refused(`The sign-in cannot be read: ${judged.detail}`, 'invalid_siwx_malformed');
    case 'refused':
      return refused(`The sign-in was not accepted: ${judged.reason}.`, judged.reason);
    case 'unavailable':
      return away();
    case 'signed-in':
      break;
  }
  const { visitor } = judged;
  try {
    if (!(await isFirstUse(visit, visitor))) {
      return refused('This sign-in was used before. Sign the challenge of this answer.', 'invalid_siwx_nonce');
    }
    if (subject.route.route.accessSeconds === undefined) return { visitor, access: null };
    const { livemode } = subject.api.snapshot;
    const { address: payer, network } = visitor;
    return { visitor, access: await gateway.state.accesses.find({ routeId: spot.routeId, livemode, payer, network }) };
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    return away();
  }
}

/**
 * Uses a nonce up, at all gateways, for as long as anybody would accept it. A store that was emptied has forgotten it, and so
 * lets it in once more until it is too old. It stays free where its gateway dies before the caller got anything.
 */
async function isFirstUse({ gateway, eventId: callId }: Visit, { nonce }: Visitor): Promise<boolean> {
  const { answers } = gateway.state;
  const key = `sign-in:${nonce}`;
  const call = { callId, spoolId: gateway.spool.spoolId, requestHash: '' };
  const begun = await answers.begin(key, call, signInMsMax);
  if (begun.kind === 'taken') return false;
  await answers.end(key, callId, { kind: 'unstored', note: 'used' });
  return true;
}

function invalidSignIn(detail: string, reason: string): Problem {
  return { slug: 'sign-in-invalid', detail, members: { reason } };
}
