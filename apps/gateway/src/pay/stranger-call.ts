import { type Problem, rate } from '@tollwright/core';
import type { Challenge, X402Payment } from '@tollwright/payments';
import type { Priced } from '@tollwright/policies';
import { StateUnavailable } from '@tollwright/state';
import { askAll, limitedBy, takeOwn } from '../guard/asked.ts';
import { type Guard, guardOf, runBody, runHead } from '../guard/guard.ts';
import { type Body, readBody } from '../http/read-body.ts';
import { noteRefused, noteShadows, type RefusedSubject, refuseKeyed } from '../pipeline/note-decision.ts';
import { requestHash } from '../pipeline/request-hash.ts';
import { STATE_AWAY, type Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import { currentOffers, resourceOf, standingOffers } from './offers.ts';
import { type PaidCall, servePaid } from './paid-call.ts';
import { PaymentLedger } from './payment-ledger.ts';
import { demandPayment, takenProblem } from './replies.ts';
import { soldBodyProblem } from './sold-body.ts';

const NEEDS_KEY: Problem = { slug: 'invalid-key', detail: 'This route needs an API key.' };
const PAYMENT_NEEDED: Problem = { slug: 'payment-required', detail: 'Pay for this call, or send an API key.' };

/** Whether a call of this route can pay for itself. */
export function takesPayment({ gateway }: Visit, api: CompiledApi, route: CompiledRoute): boolean {
  return gateway.rail !== null && currentOffers(api, route).length > 0;
}

/**
 * Serves a call that no plan covers on a priced route: challenge, or check, claim, verify and run what is paid for. `taken`
 * is its body if that was read already.
 */
export async function serveStranger(
  visit: Visit,
  api: CompiledApi,
  route: CompiledRoute,
  taken: Body | null = null,
): Promise<void> {
  const { rail } = visit.gateway;
  const guard = guardOf(visit, api, route, null);
  const subject = { api, route, principal: null, guard };
  const barred = guard === null ? null : runHead(guard);
  if (barred !== null) return refuseKeyed(visit, { problem: barred, subject });
  const offers = currentOffers(api, route);
  if (rail === null || offers.length === 0) return refuseKeyed(visit, { problem: NEEDS_KEY, subject });
  const resource = resourceOf(visit, api, route);
  const challenge = (reason: string) => rail.challenge(offers, resource, reason);
  const shown = rail.parse(visit.request.headers);
  if (shown.kind === 'none') return demand(visit, challenge(PAYMENT_NEEDED.detail), PAYMENT_NEEDED, subject);
  if (shown.kind === 'malformed') {
    const problem: Problem = { slug: 'bad-request', detail: `The payment cannot be read: ${shown.reason}` };
    return refuseKeyed(visit, { problem, subject });
  }
  const checked = rail.check(shown.credential, {
    offers: standingOffers(visit, api, route),
    resource,
    nowMs: visit.startedAtMs,
  });
  if (checked.kind === 'refused') return demand(visit, challenge(checked.reason), invalid(checked.reason), subject);
  const body = await paidBody(visit, route, guard, taken);
  if (body.kind === 'refused') return refuseKeyed(visit, { problem: body.problem, subject });
  const own = guard === null ? null : admitStranger(visit, guard, body);
  if (own?.kind === 'refused') return refuseKeyed(visit, { problem: own.problem, subject });
  noteShadows(visit, api, guard);
  const edits = guard?.edits ?? [];
  try {
    await claimAndServe({ visit, api, route, rail, payment: checked.payment, body, challenge, edits }, subject);
  } finally {
    own?.leave();
  }
}

function demand(visit: Visit, challenge: Challenge, problem: Problem, subject: RefusedSubject): void {
  noteRefused(visit, problem, subject);
  demandPayment(visit, challenge, problem);
}

/** Runs what reads the body, then takes the limits that this process keeps: strangers have no account to count on. */
function admitStranger(visit: Visit, guard: Guard, body: PaidCall['body']) {
  const { gateway, startedAtMs } = visit;
  const problem = runBody(guard, body.kind === 'buffered' ? body.bytes : null);
  if (problem !== null) return { kind: 'refused' as const, problem };
  const own = takeOwn(gateway.limits, guard, askAll(guard, NOTHING_PRICED), startedAtMs);
  if (own.kind === 'taken') return own;
  const reply = limitedBy(own.policy, own.refusal, guard, startedAtMs);
  if (reply.kind === 'overage') throw new Error('a limit of this process has no price beyond it');
  guard.refusedBy = own.policy;
  return { kind: 'refused' as const, problem: reply.problem };
}

const NOTHING_PRICED: Priced = { quantities: [], rated: rate([], []) };

async function claimAndServe(call: Omit<PaidCall, 'ledger'>, subject: RefusedSubject): Promise<void> {
  const { visit, payment, challenge } = call;
  const { gateway } = visit;
  if (!gateway.registered) return refuseKeyed(visit, { problem: STATE_AWAY, subject });
  const ledger = new PaymentLedger(visit, call.api, call.route, payment);
  const hash = requestHash(visit, call.body.kind === 'buffered' ? call.body.bytes : null);
  gateway.running++;
  try {
    const reply = await ledger.claim(hash);
    if (reply.kind === 'taken') {
      const problem = takenProblem(reply.claim, hash);
      if (problem !== null) return refuseKeyed(visit, { problem, subject });
      return demand(visit, challenge('payment_failed'), invalid('payment_failed'), subject);
    }
    if (await isVerified(payment, call, ledger, subject)) await servePaid({ ...call, ledger });
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    refuseKeyed(visit, { problem: STATE_AWAY, subject });
  } finally {
    gateway.running--;
  }
}

/** Has the facilitator judge a claimed payment; otherwise lets the claim go and answers. */
async function isVerified(
  payment: X402Payment,
  { visit, rail, challenge }: Omit<PaidCall, 'ledger'>,
  ledger: PaymentLedger,
  subject: RefusedSubject,
): Promise<boolean> {
  const verification = await rail.verify(payment);
  if (verification.kind === 'valid') return true;
  await ledger.move('released', { reason: verification.reason.slice(0, 200) });
  if (verification.kind === 'invalid') {
    demand(visit, challenge(verification.reason), invalid(verification.reason), subject);
    return false;
  }
  visit.gateway.log.warn(
    { requestId: visit.requestId, reason: verification.reason },
    'the facilitator does not answer',
  );
  const detail = 'The payment could not be verified now. It was not taken and can be sent again.';
  const problem: Problem = { slug: 'state-unavailable', detail, retryAfterSeconds: 2 };
  refuseKeyed(visit, { problem, subject });
  return false;
}

type PaidBody = PaidCall['body'] | { readonly kind: 'refused'; readonly problem: Problem };

/** The whole body: what is paid for is known before the payment is claimed. Streams are not sold to strangers. */
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

function invalid(reason: string): Problem {
  return { slug: 'payment-invalid', detail: `The payment was not accepted: ${reason}.`, members: { reason } };
}
