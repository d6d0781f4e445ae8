import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PaymentRecord, PaymentState, Principal, TopUp } from '@tollwright/contracts';
import { makeId, type NanoUsd, ZERO_USD } from '@tollwright/core';
import { type FeeTable, type PaymentFacts, railFeeOf } from '@tollwright/payments';
import {
  type ClaimBound,
  type ClaimReply,
  type ClaimRequest,
  type Lent,
  StateUnavailable,
  type VoucherReply,
} from '@tollwright/state';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import { paymentItemJson } from '../spool/record-json.ts';
import { countsVolumes, volumePayerOf } from './discount/volume-payer.ts';
import type { ClaimAttempt } from './step-up.ts';

/** What a move may change beside the state: how it ended, and how much of what was authorized is taken. */
type PaymentChange = Partial<
  Pick<PaymentRecord, 'transaction' | 'reason' | 'amountAtomic' | 'priceNanoUsd' | 'roundingNanoUsd' | 'tax'>
>;

/** A store that is away is asked again so often, and for so long; then its gateway's end ends the claim. */
const AGAIN_AFTER_MS = 1_000;
const AGAIN_MS_MAX = 600_000;

/** What is paid for, and when. */
export interface PaymentOrder {
  readonly settles: PaymentRecord['settles'];
  /** Whose key was shown with the payment; null of a stranger. */
  readonly beside?: Principal | null;
  /** What it buys instead of a call. */
  readonly topUp?: TopUp | undefined;
}

/** A payment that this gateway claimed, as it moves from state to state: first in the store, then in the spool. */
export class PaymentLedger {
  readonly #visit: Visit;
  readonly #fees: FeeTable;
  #record: PaymentRecord;

  constructor(visit: Visit, api: CompiledApi, route: CompiledRoute, payment: PaymentFacts, order: PaymentOrder) {
    const { settles, beside = null, topUp } = order;
    this.#visit = visit;
    this.#fees = api.fees;
    const record = { ...firstRecord(visit, api, route, payment), ...holderOf(beside), settles };
    this.#record =
      topUp === undefined ? { ...record, ...boughtBeside(api, route, beside, payment) } : { ...record, topUp };
  }

  get record(): PaymentRecord {
    return this.#record;
  }

  /**
   * First come, first served, by the first attempt that has room; `beyond` where none has. A payment that was to be settled after
   * its answer, and for which its payer has no room under the cap, is claimed to be settled before. Rejects with StateUnavailable.
   */
  async claim(
    requestHash: string,
    attempts: readonly ClaimAttempt[],
    exposureCapNanoUsd = ZERO_USD,
  ): Promise<ClaimReply | { readonly kind: 'beyond' }> {
    const { gateway, eventId: callId } = this.#visit;
    const { claims } = gateway.state;
    const request = { callId, spoolId: gateway.spool.spoolId, requestHash };
    for (const { approvalId, bounds } of attempts) {
      this.#record = { ...this.#record, approvalId };
      const reply = await this.#claimWithin(request, bounds, exposureCapNanoUsd);
      if (reply.kind !== 'beyond') return reply;
    }
    // What it has bought before is its payer's, whatever is approved now.
    const known = await claims.get(this.#record.claimKey);
    return known === null || known.state === 'released' ? { kind: 'beyond' } : { kind: 'taken', claim: known };
  }

  async #claimWithin(request: ClaimRequest, bounds: readonly ClaimBound[], exposureCapNanoUsd: NanoUsd) {
    const { claims } = this.#visit.gateway.state;
    if (this.#record.settles === 'optimistic') {
      const exposure: ClaimBound = { kind: 'exposure', capNanoUsd: exposureCapNanoUsd };
      const reply = await claims.claimWithin(this.#record, request, [exposure, ...bounds]);
      if (reply.kind !== 'beyond' || reply.bound !== 'exposure') return reply;
      this.#record = { ...this.#record, settles: 'before' };
    }
    return bounds.length === 0
      ? claims.claim(this.#record, request)
      : claims.claimWithin(this.#record, request, bounds);
  }

  /** The same for a payment by a voucher, if no more waits for its chain then than is lent. */
  claimVoucher(requestHash: string, lent: Lent): Promise<VoucherReply> {
    const { gateway, eventId: callId } = this.#visit;
    const request = { callId, spoolId: gateway.spool.spoolId, requestHash };
    return gateway.state.channels.claim(this.#record, request, lent);
  }

  /** The payment was found to be good. Travels with its next move. */
  noteVerified(atMs: number): void {
    this.#record = { ...this.#record, verifiedAt: new Date(atMs).toISOString() };
  }

  /** Writes the current state into the spool; resolves when it is on disk. */
  note(record = this.#record): Promise<void> {
    const { spool } = this.#visit.gateway;
    return new Promise((resolve, reject) => {
      spool.record(paymentItemJson(record), true, (error) => (error ? reject(error) : resolve()));
    });
  }

  /**
   * Moves the claim on by compare-and-set, then notes it. A settlement is a fact already, and is noted first: nobody asks again
   * for a claim that is settled in the store, so a gateway that died in between would leave no record of it. False: the store
   * could not answer, somebody else moved it, or the disk did not take the note; then the worker finds the truth.
   */
  async move(state: PaymentState, change: PaymentChange = {}): Promise<boolean> {
    const { gateway } = this.#visit;
    const from = this.#record;
    const next = this.#moved(state, change);
    if (state === 'settled' && !(await this.#isNoted(next))) return false;
    try {
      const reply = await gateway.state.claims.move(from.claimKey, { state: from.state, version: from.version }, next);
      if (reply.kind === 'conflict') {
        gateway.log.error({ paymentId: from.paymentId, state, claim: reply.claim }, 'a payment was moved by another');
        return false;
      }
    } catch (error) {
      if (!(error instanceof StateUnavailable)) throw error;
      gateway.log.warn({ err: error, paymentId: from.paymentId, state }, 'a payment could not be moved on');
      if (state === 'released') void this.letGo(change.reason ?? '');
      return false;
    }
    this.#record = next;
    return state === 'settled' || this.#isNoted(next);
  }

  /**
   * Moves the claim on, and where the store cannot be told leaves the move on disk all the same: it is shipped, and the worker
   * goes by it. For what must not be forgotten.
   */
  async moveForSure(state: PaymentState, change: PaymentChange): Promise<void> {
    if (await this.move(state, change)) return;
    await this.#isNoted(this.#moved(state, change));
  }

  /**
   * Lets a claim go for which nobody was asked for money, as soon as the store can be told. Nobody else would: the worker leaves
   * claims to gateways that live. Where somebody moved it meanwhile it is theirs.
   */
  async letGo(reason: string): Promise<void> {
    const { gateway } = this.#visit;
    const from = this.#record;
    if (from.state !== 'claimed') return;
    const next = this.#moved('released', { reason });
    for (const untilMs = Date.now() + AGAIN_MS_MAX; Date.now() < untilMs; ) {
      await sleep(AGAIN_AFTER_MS, undefined, { ref: false });
      try {
        const reply = await gateway.state.claims.move(from.claimKey, from, next);
        if (reply.kind === 'moved') await this.#isNoted(next);
        return;
      } catch (error) {
        if (error instanceof StateUnavailable) continue;
        const { paymentId } = from;
        return gateway.log.error({ err: error, paymentId }, 'a payment could not be let go');
      }
    }
  }

  /** The record as a move leaves it. A rail takes its fee of what it takes. */
  #moved(state: PaymentState, change: PaymentChange): PaymentRecord {
    const next = {
      ...{ ...this.#record, ...change, state, version: this.#record.version + 1 },
      ...(state === 'settled' ? { settledAt: new Date().toISOString() } : {}),
    };
    const isNothing = state === 'failed' || state === 'released';
    return { ...next, feeNanoUsd: isNothing ? ZERO_USD : railFeeOf(this.#fees, next) };
  }

  #isNoted(record: PaymentRecord): Promise<boolean> {
    return this.note(record).then(
      () => true,
      (error: unknown) => {
        const { paymentId, state } = record;
        this.#visit.gateway.log.error({ err: error, paymentId, state }, 'a payment could not be noted');
        return false;
      },
    );
  }
}

function holderOf(principal: Principal | null) {
  if (principal === null) return {};
  const { key, customer } = principal;
  return { customerId: customer.customerId, agentId: key.agentId, keyId: key.keyId };
}

/** What a payment for a call gives its payer beside it. */
function boughtBeside(
  { snapshot }: CompiledApi,
  { route }: CompiledRoute,
  beside: Principal | null,
  payment: PaymentFacts,
) {
  const { accessSeconds } = route;
  const volumePayer = countsVolumes(snapshot) ? volumePayerOf(beside, payment.payer) : null;
  return {
    ...(accessSeconds === undefined ? {} : { accessSeconds }),
    ...(volumePayer === null ? {} : { volumePayer }),
  };
}

function firstRecord(
  visit: Visit,
  api: CompiledApi,
  route: CompiledRoute,
  payment: PaymentFacts,
): Omit<PaymentRecord, 'settles'> {
  const { snapshot } = api;
  const { offer } = payment;
  return {
    paymentId: makeId('payment', visit.startedAtMs, randomBytes(10)),
    version: 1,
    state: 'claimed',
    rail: payment.rail,
    scheme: payment.scheme,
    protocolVersion: payment.protocolVersion,
    claimKey: payment.claimKey,
    livemode: snapshot.livemode,
    providerId: snapshot.providerId,
    apiId: snapshot.apiId,
    routeId: route.route.id,
    requestId: visit.requestId,
    network: offer.network,
    asset: offer.asset,
    payer: payment.payer,
    payTo: offer.payTo,
    nonce: payment.nonce,
    amountAtomic: offer.amountAtomic.toString(),
    priceNanoUsd: offer.priceNanoUsd,
    roundingNanoUsd: offer.roundingNanoUsd,
    feeNanoUsd: railFeeOf(api.fees, { ...offer, rail: payment.rail, scheme: payment.scheme }),
    transaction: null,
    reason: null,
    validBefore: new Date(payment.validBeforeMs).toISOString(),
    details: payment.details,
    ...{ customerId: null, agentId: null, keyId: null, approvalId: null, verifiedAt: null, settledAt: null },
    occurredAt: new Date(visit.startedAtMs).toISOString(),
  };
}
