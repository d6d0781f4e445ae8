import type { PaymentLoss, PaymentRail } from '@tollwright/contracts';
import { type NanoUsd, type Problem, ZERO_USD } from '@tollwright/core';
import { bindsBody, type Challenge, challengeAll, type Offer, parseAll } from '@tollwright/payments';
import type { Channel } from '@tollwright/state';
import { packsByCard } from '../credits/top-up-members.ts';
import { type Guard, guardOf, runHead } from '../guard/guard.ts';
import { type Body, readBody } from '../http/read-body.ts';
import { noteRefused, noteShadows, type RefusedSubject, refuseKeyed } from '../pipeline/note-decision.ts';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import { admitStranger } from './admit-stranger.ts';
import { claimAndServe, type Uncovered } from './claim-and-serve.ts';
import { demand } from './demand.ts';
import { judgePrice } from './discount/judge-price.ts';
import { type OwnPrice, ownPrice, withDiscount } from './discount/own-price.ts';
import { volumePayerOf } from './discount/volume-payer.ts';
import { type Judged, judgePayment } from './judge-payment.ts';
import { currentOffers, paidRequestOf, standingOffers } from './offers.ts';
import { withOtherWays } from './other-ways.ts';
import { demandFirst } from './page/demand-first.ts';
import type { PaidCall } from './paid-call.ts';
import { type MissingStepUp, refuseStepUp } from './refuse-step-up.ts';
import { arrive } from './sign-in/come-in.ts';
import { doorOf } from './sign-in/door.ts';
import { soldBodyProblem } from './sold-body.ts';
import { missingOf, type StepUpPlace, stepUpBefore, withStepUp } from './step-up.ts';

const NEEDS_KEY: Problem = { slug: 'invalid-key', detail: 'This route needs an API key.' };
const PAYMENT_NEEDED: Problem = { slug: 'payment-required', detail: 'Pay for this call, or send an API key.' };

/** Whether a call of this route can pay for itself. */
export function takesPayment({ gateway }: Visit, api: CompiledApi, route: CompiledRoute): boolean {
  return currentOffers(gateway, api, route).length > 0;
}

/** Serves a call that no plan covers on a priced route: challenge, or check, claim, verify and run what is paid for. */
export async function serveStranger(
  visit: Visit,
  api: CompiledApi,
  route: CompiledRoute,
  uncovered: Uncovered | null = null,
): Promise<void> {
  const { gateway } = visit;
  const guard = guardOf(visit, api, route, null);
  const subject = { api, route, principal: null, guard };
  const barred = guard === null ? null : runHead(guard);
  if (barred !== null) return refuseKeyed(visit, { problem: barred, subject });
  const principal = uncovered?.principal ?? null;
  let price = await ownPrice(visit, api, route, volumePayerOf(principal, ''));
  const { offers } = price.quote;
  if (offers.length === 0) return refuseKeyed(visit, { problem: NEEDS_KEY, subject });
  const { headers } = visit.request;
  const shown = parseAll(gateway.rails, headers);
  const lose = (rail: PaymentRail | null, loss: PaymentLoss) =>
    gateway.tally.refused(api, rail, loss, visit.startedAtMs);
  const door = doorOf(visit, { api, route, offers }, uncovered === null, shown.kind === 'none');
  const isRead = shown.kind === 'presented' || door.proof !== null || bindsBody(gateway.rails, offers);
  const body = isRead ? await paidBody(visit, route, guard, uncovered?.body ?? null) : NO_BODY;
  if (body.kind === 'refused') {
    if (shown.kind === 'presented') lose(shown.credential.rail, 'not-sold');
    return refuseKeyed(visit, { problem: body.problem, subject });
  }
  const bytes = bytesOf(body);
  const request = paidRequestOf(visit, api, route, principal?.key.keyId ?? null, bytes);
  const acceptPayment = oneOf(headers['accept-payment']);
  const place = { visit, api, route, principal };
  const challenge = (reason: string, channel?: Channel) => {
    const { quote, discount } = price;
    gateway.tally.asked(api, quote.offers, visit.startedAtMs);
    const terms = { ...request, reason, acceptPayment, channel, signIn: door.challenge() };
    const asked = withOtherWays(challengeAll(gateway.rails, quote.offers, terms), gateway, api, quote.leftOut);
    return withDiscount(withStepUp(asked, stepUpBefore(place, priceOf(quote.offers))), discount);
  };
  const arrival = await arrive({ visit, api, route, body, door, guard, subject, challenge });
  if (arrival.kind === 'answered') return;
  price = await repriced(price, place, arrival.wallet);
  const priceNanoUsd = priceOf(price.quote.offers);
  const missing = { place, priceNanoUsd, problem: missingOf(stepUpBefore(place, priceNanoUsd)) };
  if (shown.kind === 'none') {
    if (missing.problem !== null) return refuseStepUp(missing, subject);
    return askFirst({ visit, api, route, ...price.quote, discount: price.discount }, uncovered?.problem ?? null, challenge, subject);
  }
  const terms = { ...request, offers: standingOffers(visit, api, route) };
  const judged = await judgePrice(judgePayment(shown, terms, { visit, api, route, bytes }), place);
  if (judged.kind === 'refused') {
    lose(judged.rail, judged.loss);
    return refuseJudged(missing, judged, challenge, subject);
  }
  const { rail, payment, sale } = judged;
  const own = admitStranger(visit, guard, body);
  if (own.kind === 'refused') {
    lose(rail, 'policy');
    return refuseKeyed(visit, { problem: own.problem, subject });
  }
  noteShadows(visit, api, guard);
  const edits = guard?.edits ?? [];
  try {
    const call = { visit, api, route, payment, sale, body, challenge, edits };
    await claimAndServe(call, subject, uncovered, (loss) => lose(rail, loss));
  } finally {
    own.leave();
  }
}

/** The price of a wallet that signed in; as it was where none did. */
async function repriced(price: OwnPrice, { visit, api, route }: StepUpPlace, wallet: string): Promise<OwnPrice> {
  return wallet === '' ? price : ownPrice(visit, api, route, volumePayerOf(null, wallet));
}

/** Answers a payment that was not accepted: nobody is asked for another that would be refused too. */
function refuseJudged(
  missing: MissingStepUp,
  { again, problem }: Extract<Judged, { kind: 'refused' }>,
  challenge: (reason: string) => Challenge,
  subject: RefusedSubject,
): void {
  const { visit } = missing.place;
  if (missing.problem !== null) refuseStepUp(missing, subject);
  else if (again === null) refuseKeyed(visit, { problem, subject });
  else demand(visit, challenge(again), problem, subject);
}

/** Asks for a payment where none was shown. `needed`: what is said to a key that its plan does not cover; null of strangers. */
function askFirst(
  { visit, ...place }: { readonly visit: Visit } & Parameters<typeof demandFirst>[1],
  needed: Problem | null,
  challenge: (reason: string) => Challenge,
  subject: RefusedSubject,
): void {
  if (needed !== null) {
    demand(visit, challenge(needed.detail), needed, subject);
    return;
  }
  const problem = { ...PAYMENT_NEEDED, members: packsByCard(visit, place.api, place.route) };
  noteRefused(visit, problem, subject);
  demandFirst(visit, place, challenge(problem.detail), problem);
}

/** All offers are for one price, or one ceiling. */
function priceOf(offers: readonly Offer[]): NanoUsd {
  return offers[0]?.priceNanoUsd ?? ZERO_USD;
}

const NO_BODY: PaidCall['body'] = { kind: 'none' };

function bytesOf(body: PaidCall['body']): Buffer | null {
  return body.kind === 'buffered' ? body.bytes : null;
}

function oneOf(field: string | readonly string[] | undefined): string | undefined {
  return typeof field === 'object' ? field.join(',') : field;
}

type PaidBody = PaidCall['body'] | { readonly kind: 'refused'; readonly problem: Problem };

/** The whole body: what is paid for is known before the payment is claimed. */
async function paidBody(
  visit: Visit,
  { route, rule }: CompiledRoute,
  guard: Guard | null,
  taken: Body | null,
): Promise<PaidBody> {
  const bytesMax = Math.min(route.bodyBytesMax, guard?.bodyBytesMax ?? route.bodyBytesMax);
  const read: Body | { kind: 'refused'; problem: Problem } = taken ?? (await readBody(visit.request, bytesMax, true));
  if (read.kind === 'refused') return read;
  const body = read.kind === 'stream' ? await whole(read.source) : read;
  const problem = soldBodyProblem(visit.request, rule, body);
  return problem === null ? body : { kind: 'refused', problem };
}

async function whole(source: AsyncIterable<Buffer>): Promise<Extract<Body, { kind: 'buffered' }>> {
  const parts: Buffer[] = [];
  for await (const part of source) parts.push(part);
  return { kind: 'buffered', bytes: Buffer.concat(parts) };
}
