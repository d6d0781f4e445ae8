import { hash } from 'node:crypto';
import type { Problem } from '@tollwright/core';
import type { X402Payment, X402Rail } from '@tollwright/payments';
import { StateUnavailable } from '@tollwright/state';
import { type Body, readBody } from '../http/read-body.ts';
import { refuse, STATE_AWAY, type Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import { currentOffers, resourceOf, standingOffers } from './offers.ts';
import { type PaidCall, servePaid } from './paid-call.ts';
import { PaymentLedger } from './payment-ledger.ts';
import { demandPayment, takenProblem } from './replies.ts';
import { soldBodyProblem } from './sold-body.ts';

const NEEDS_KEY: Problem = { slug: 'invalid-key', detail: 'This route needs an API key.' };
const PAYMENT_NEEDED: Problem = { slug: 'payment-required', detail: 'Pay for this call, or send an API key.' };

/** Serves a call without a key on a priced route: challenge, or check, claim, verify and run what is paid for. */
export async function serveStranger(visit: Visit, api: CompiledApi, route: CompiledRoute): Promise<void> {
  const { rail } = visit.gateway;
  const offers = currentOffers(api, route);
  if (rail === null || offers.length === 0) return refuse(visit, NEEDS_KEY);
  const resource = resourceOf(visit, api, route);
  const challenge = (reason: string) => rail.challenge(offers, resource, reason);
  const shown = rail.parse(visit.request.headers);
  if (shown.kind === 'none') return demandPayment(visit, challenge(PAYMENT_NEEDED.detail), PAYMENT_NEEDED);
  if (shown.kind === 'malformed') {
    return refuse(visit, { slug: 'bad-request', detail: `The payment cannot be read: ${shown.reason}` });
  }
  const checked = rail.check(shown.credential, {
    offers: standingOffers(visit, api, route),
    resource,
    nowMs: visit.startedAtMs,
  });
  if (checked.kind === 'refused') return demandPayment(visit, challenge(checked.reason), invalid(checked.reason));
  const body = await paidBody(visit, route);
  if (body.kind === 'refused') return refuse(visit, body.problem);
  await claimAndServe({ visit, api, route, rail, payment: checked.payment, body, challenge });
}

async function claimAndServe(call: Omit<PaidCall, 'ledger'>): Promise<void> {
  const { visit, rail, payment, challenge } = call;
  const { gateway } = visit;
  if (!gateway.registered) return refuse(visit, STATE_AWAY);
  const ledger = new PaymentLedger(visit, call.api, call.route, payment);
  const requestHash = hashOf(visit, call.body);
  gateway.running++;
  try {
    const reply = await ledger.claim(requestHash);
    if (reply.kind === 'taken') {
      const problem = takenProblem(reply.claim, requestHash);
      if (problem !== null) return refuse(visit, problem);
      return demandPayment(visit, challenge('payment_failed'), invalid('payment_failed'));
    }
    if (await isVerified(rail, payment, call, ledger)) await servePaid({ ...call, ledger });
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    refuse(visit, STATE_AWAY);
  } finally {
    gateway.running--;
  }
}

/** Has the facilitator judge a claimed payment; otherwise lets the claim go and answers. */
async function isVerified(
  rail: X402Rail,
  payment: X402Payment,
  { visit, challenge }: Omit<PaidCall, 'ledger'>,
  ledger: PaymentLedger,
): Promise<boolean> {
  const verification = await rail.verify(payment);
  if (verification.kind === 'valid') return true;
  await ledger.move('released', { reason: verification.reason.slice(0, 200) });
  if (verification.kind === 'invalid') {
    demandPayment(visit, challenge(verification.reason), invalid(verification.reason));
    return false;
  }
  visit.gateway.log.warn(
    { requestId: visit.requestId, reason: verification.reason },
    'the facilitator does not answer',
  );
  const detail = 'The payment could not be verified now. It was not taken and can be sent again.';
  refuse(visit, { slug: 'state-unavailable', detail, retryAfterSeconds: 2 });
  return false;
}

type PaidBody = PaidCall['body'] | { readonly kind: 'refused'; readonly problem: Problem };

/** The whole body: what is paid for is known before the payment is claimed. Streams are not sold to strangers. */
async function paidBody(visit: Visit, route: CompiledRoute): Promise<PaidBody> {
  const body: Body | { kind: 'refused'; problem: Problem } = await readBody(
    visit.request,
    route.route.bodyBytesMax,
    true,
  );
  if (body.kind === 'stream') throw new Error('a body that is read is buffered');
  if (body.kind === 'refused') return body;
  const problem = soldBodyProblem(visit.request, route.rule, body);
  if (problem !== null) return { kind: 'refused', problem };
  return body;
}

function hashOf({ method, path, query }: Visit, body: PaidCall['body']): string {
  const digest = body.kind === 'buffered' ? hash('sha256', body.bytes, 'hex') : '';
  return hash('sha256', `${method} ${path}${query}\n${digest}`, 'hex');
}

function invalid(reason: string): Problem {
  return { slug: 'payment-invalid', detail: `The payment was not accepted: ${reason}.`, members: { reason } };
}
