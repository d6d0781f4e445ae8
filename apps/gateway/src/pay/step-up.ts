import type { PaymentApproval, Principal, StepUp } from '@tollwright/contracts';
import { formatUsd, type NanoUsd, type Problem } from '@tollwright/core';
import type { Challenge, Payment } from '@tollwright/payments';
import type { ClaimBound } from '@tollwright/state';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';

/** One way to claim a payment: under an approval or without one, and within which sums. */
export interface ClaimAttempt {
  readonly approvalId: string | null;
  readonly bounds: readonly ClaimBound[];
}

/** How a payment may be claimed: by the first attempt that has room. None has: it is refused, and nothing was taken. */
export interface ClaimTerms {
  readonly attempts: readonly ClaimAttempt[];
  readonly refusal: Problem | null;
}

/** Where a call is made, and whose key is beside its payment; null of a stranger. */
export interface StepUpPlace {
  readonly visit: Visit;
  readonly api: CompiledApi;
  readonly route: CompiledRoute;
  readonly principal: Principal | null;
}

/**
 * What a caller who has not paid yet is told of a price above the limit. `refused`: no payment of this caller would be taken. `told`:
 * one of a wallet that the provider knows would, and which it is shows with the payment only. Null: nothing is missing.
 */
export type StepUpBefore =
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'told'; readonly member: Readonly<Record<string, unknown>> }
  | null;

export function stepUpBefore(place: StepUpPlace, priceNanoUsd: NanoUsd): StepUpBefore {
  const { api, route, principal } = place;
  const { stepUp } = route.route;
  if (stepUp === undefined || !isAbove(stepUp.aboveNanoUsd, priceNanoUsd)) return null;
  if (isKnownCustomer(api, principal) || approvalsFor(place, stepUp, priceNanoUsd).length > 0) return null;
  const problem = stepUpProblem(place, stepUp, 'payment');
  const mayBeKnown = (api.snapshot.verifiedPayers?.addresses.length ?? 0) > 0;
  const asksOwner = principal !== null && stepUp.needs === 'owner-approval';
  return mayBeKnown && !asksOwner ? { kind: 'told', member: problem.members ?? {} } : { kind: 'refused', problem };
}

/** What is missing of every payment of this caller; null where one could be taken. */
export function missingOf(needed: StepUpBefore): Problem | null {
  return needed?.kind === 'refused' ? needed.problem : null;
}

/** A 402 that says which payers' payments would be taken. */
export function withStepUp(challenge: Challenge, needed: StepUpBefore): Challenge {
  if (needed?.kind !== 'told') return challenge;
  return { ...challenge, members: { ...challenge.members, stepUp: needed.member } };
}

/** How a payment that passed the local check may be claimed here. */
export function claimTermsOf(place: StepUpPlace, payment: Payment): ClaimTerms {
  const { api, route, principal } = place;
  const { stepUp } = route.route;
  const { payer, voucher, offer } = payment;
  // A channel counts its own vouchers; who pays without a name is counted by nobody.
  const isCounted = payer !== '' && voucher === null && countsPayers(api);
  const counted: readonly ClaimBound[] = isCounted ? [{ kind: 'payer-day', capNanoUsd: null }] : [];
  if (stepUp === undefined || isKnownCustomer(api, principal) || isKnownWallet(api, payer)) {
    return { attempts: [{ approvalId: null, bounds: counted }], refusal: null };
  }
  const approved = voucher === null ? approvalsFor(place, stepUp, offer.priceNanoUsd) : [];
  const underApproval = approved.map(({ approvalId, limitNanoUsd: capNanoUsd, once }) => ({
    approvalId,
    bounds: [...counted, { kind: 'approval' as const, capNanoUsd, once }],
  }));
  if (isAbove(stepUp.aboveNanoUsd, offer.priceNanoUsd)) {
    return { attempts: underApproval, refusal: stepUpProblem(place, stepUp, 'payment') };
  }
  const { payerAboveNanoUsd: capNanoUsd } = stepUp;
  if (capNanoUsd === null) return { attempts: [{ approvalId: null, bounds: counted }], refusal: null };
  const refusal = stepUpProblem(place, stepUp, 'payer-day');
  if (voucher !== null || isAbove(capNanoUsd, offer.priceNanoUsd)) return { attempts: underApproval, refusal };
  const bounds: readonly ClaimBound[] = isCounted ? [{ kind: 'payer-day', capNanoUsd }] : [];
  return { attempts: [{ approvalId: null, bounds }, ...underApproval], refusal };
}

/** Whether what payers pay in a day matters on any route of an API: then it is counted on all of them. */
function countsPayers({ snapshot }: CompiledApi): boolean {
  return snapshot.routes.some(({ stepUp }) => (stepUp?.payerAboveNanoUsd ?? null) !== null);
}

function isAbove(limitNanoUsd: NanoUsd | null, priceNanoUsd: NanoUsd): boolean {
  return limitNanoUsd !== null && priceNanoUsd > limitNanoUsd;
}

function isKnownCustomer({ snapshot }: CompiledApi, principal: Principal | null): boolean {
  return principal !== null && snapshot.verifiedPayers?.customers.includes(principal.customer.customerId) === true;
}

function isKnownWallet({ snapshot }: CompiledApi, payer: string): boolean {
  return payer !== '' && snapshot.verifiedPayers?.addresses.includes(payer) === true;
}

/** What owners let this key's agent pay here, where that helps and is enough for the price. */
function approvalsFor(
  { visit, api, route, principal }: StepUpPlace,
  { needs }: StepUp,
  priceNanoUsd: NanoUsd,
): readonly PaymentApproval[] {
  if (principal === null || needs !== 'owner-approval') return [];
  const { key, customer } = principal;
  return (customer.approvals ?? []).filter(
    ({ agentId, routeId, livemode, limitNanoUsd, expiresAtMs }) =>
      agentId === key.agentId &&
      routeId === route.route.id &&
      livemode === api.snapshot.livemode &&
      limitNanoUsd >= priceNanoUsd &&
      expiresAtMs > visit.startedAtMs,
  );
}

/** What is missing, above which limit, and where to get it. */
function stepUpProblem(
  { visit, api, principal }: StepUpPlace,
  { needs, aboveNanoUsd, payerAboveNanoUsd }: StepUp,
  of: 'payment' | 'payer-day',
): Problem {
  const { providerSlug } = api.snapshot;
  const portal = `${visit.gateway.portalUrl}/p/${providerSlug}`;
  const limitNanoUsd = (of === 'payment' ? aboveNanoUsd : payerAboveNanoUsd) ?? 0n;
  const limit = formatUsd(limitNanoUsd as NanoUsd);
  const asksOwner = needs === 'owner-approval';
  const url = asksOwner && principal !== null ? `${portal}/${principal.customer.customerId}/approvals` : portal;
  return {
    slug: 'step-up-required',
    detail: `${ABOVE[of](limit)} ${howTo(needs, principal !== null)}`,
    members: { missing: [needs], limit: `${limitNanoUsd}`, unit: 'nano-usd', limitOf: of, url },
  };
}

const ABOVE = {
  payment: (limit: string) => `A payment of more than ${limit} USD needs more than money here.`,
  'payer-day': (limit: string) => `More than ${limit} USD of one payer in a day needs more than money here.`,
} as const;

function howTo(needs: StepUp['needs'], hasKey: boolean): string {
  if (needs === 'verified-payer') return 'Ask the provider to verify who pays.';
  if (hasKey) return 'An owner of this key approves it at url.';
  return 'Send a key beside the payment, whose owner approves it, or ask the provider to verify who pays.';
}
