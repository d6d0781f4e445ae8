import type { Challenge } from '@tollwright/payments';
import { noteShadows, refuseKeyed } from '../pipeline/note-decision.ts';
import { admitStranger } from './admit-stranger.ts';
import { challengeAt, missingAt } from './asked-price.ts';
import { type Asker, noteLoss } from './asker.ts';
import { claimAndServe } from './claim-and-serve.ts';
import { demand } from './demand.ts';
import { judgePrice } from './discount/judge-price.ts';
import type { OwnPrice } from './discount/own-price.ts';
import { type Judged, judgePayment, type Shown } from './judge-payment.ts';
import { standingOffers } from './offers.ts';
import { bytesOf } from './paid-body.ts';
import { refuseStepUp } from './refuse-step-up.ts';

/** Judges what a caller shows, and claims and serves what it pays for. Others are refused, or asked again at their price. */
export async function takeShown(asker: Asker, shown: Shown, price: OwnPrice): Promise<void> {
  const { visit, api, route, principal, guard, subject, body, request, uncovered } = asker;
  const challenge = challengeAt(asker, price);
  const terms = { ...request, offers: standingOffers(visit, api, route) };
  const judged = await judgePrice(judgePayment(shown, terms, { visit, api, route, bytes: bytesOf(body) }), asker);
  if (judged.kind === 'refused') {
    noteLoss(asker, judged.rail, judged.loss);
    return refuseJudged(asker, judged, price, challenge);
  }
  const { rail, payment, sale } = judged;
  const own = admitStranger(visit, guard, body);
  if (own.kind === 'refused') {
    noteLoss(asker, rail, 'policy');
    return refuseKeyed(visit, { problem: own.problem, subject });
  }
  noteShadows(visit, api, guard);
  try {
    const call = { visit, api, route, principal, payment, sale, body, challenge, edits: guard?.edits ?? [] };
    await claimAndServe(call, subject, uncovered, (loss) => noteLoss(asker, rail, loss));
  } finally {
    own.leave();
  }
}

/** Answers a payment that was not accepted: nobody is asked for another that would be refused too. */
function refuseJudged(
  asker: Asker,
  { again, problem }: Extract<Judged, { kind: 'refused' }>,
  price: OwnPrice,
  challenge: (reason: string) => Challenge,
): void {
  const { visit, subject } = asker;
  const missing = missingAt(asker, price);
  if (missing.problem !== null) refuseStepUp(missing, subject);
  else if (again === null) refuseKeyed(visit, { problem, subject });
  else demand(visit, challenge(again), problem, subject);
}
