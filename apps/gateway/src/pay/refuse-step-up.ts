import type { NanoUsd, Problem } from '@tollwright/core';
import { type RefusedSubject, refuseKeyed } from '../pipeline/note-decision.ts';
import type { StepUpPlace } from './step-up.ts';

/** What is missing of a payment; null where nothing is. */
export interface MissingStepUp {
  readonly place: StepUpPlace;
  readonly problem: Problem | null;
  readonly priceNanoUsd: NanoUsd;
}

/** Refuses a payment, or a call before one, that needs more than money, and asks the owner where an approval would do. */
export function refuseStepUp({ place, problem, priceNanoUsd }: MissingStepUp, subject: RefusedSubject): void {
  if (problem === null) throw new Error('nothing is missing of a payment that was refused');
  const { visit, api, route, principal } = place;
  if (principal !== null && route.route.stepUp?.needs === 'owner-approval') {
    visit.gateway.asks.ask(api, route, principal, priceNanoUsd, visit.startedAtMs);
  }
  refuseKeyed(visit, { problem, subject: { ...subject, principal } });
}
