import type { PaymentLoss, PaymentRail } from '@tollwright/contracts';
import {
  bindsBody,
  type Offer,
  type PaidRequest,
  type Presented,
  type PresentedCredential,
  parseAll,
} from '@tollwright/payments';
import type { Guard } from '../guard/guard.ts';
import { type RefusedSubject, refuseKeyed } from '../pipeline/note-decision.ts';
import type { Uncovered } from './claim-and-serve.ts';
import { paidRequestOf } from './offers.ts';
import { bytesOf, NO_BODY, paidBody } from './paid-body.ts';
import type { PaidCall } from './paid-call.ts';
import { type Door, doorOf } from './sign-in/door.ts';
import type { StepUpPlace } from './step-up.ts';

/** A call that no plan covers, before anything of it was read. */
export interface AskedCall extends StepUpPlace {
  /** The call of a key; null: a stranger's. */
  readonly uncovered: Uncovered | null;
  readonly guard: Guard | null;
  readonly subject: RefusedSubject;
}

/** Who asks for such a call, and what came with it. */
export interface Asker extends AskedCall {
  readonly shown: Presented<PresentedCredential>;
  readonly door: Door;
  readonly body: PaidCall['body'];
  /** What is paid for. */
  readonly request: PaidRequest;
}

/**
 * Reads who asks, and the body where somebody pays or signs in for it, or where a 402 with these offers would be for it alone.
 * Null: what came cannot be sold, and the caller was told.
 */
export async function whoAsks(call: AskedCall, offers: readonly Offer[]): Promise<Asker | null> {
  const { visit, api, route, principal, guard, subject, uncovered } = call;
  const { rails } = visit.gateway;
  const shown = parseAll(rails, visit.request.headers);
  const door = doorOf(visit, { api, route, offers }, uncovered === null, shown.kind === 'none');
  const isRead = shown.kind === 'presented' || door.proof !== null || bindsBody(rails, offers);
  const body = isRead ? await paidBody(visit, route, guard, uncovered?.body ?? null) : NO_BODY;
  if (body.kind === 'refused') {
    if (shown.kind === 'presented') noteLoss(call, shown.credential.rail, 'not-sold');
    refuseKeyed(visit, { problem: body.problem, subject });
    return null;
  }
  const request = paidRequestOf(visit, api, route, principal?.key.keyId ?? null, bytesOf(body));
  return { ...call, shown, door, body, request };
}

/** Counts a payment that was shown and not claimed. `rail` null: it could not be read. */
export function noteLoss({ visit, api }: AskedCall, rail: PaymentRail | null, loss: PaymentLoss): void {
  visit.gateway.tally.refused(api, rail, loss, visit.startedAtMs);
}
