import { randomBytes } from 'node:crypto';
import type { PaymentRecord, PaymentState } from '@tollwright/contracts';
import { makeId } from '@tollwright/core';
import type { X402Payment } from '@tollwright/payments';
import { type ClaimReply, StateUnavailable } from '@tollwright/state';
import type { Visit } from '../pipeline/visit.ts';
import { paymentItemJson } from '../spool/record-json.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';

/** A payment that this gateway claimed, as it moves from state to state: first in the store, then in the spool. */
export class PaymentLedger {
  readonly #visit: Visit;
  #record: PaymentRecord;

  constructor(visit: Visit, api: CompiledApi, route: CompiledRoute, payment: X402Payment) {
    this.#visit = visit;
    this.#record = firstRecord(visit, api, route, payment);
  }

  get record(): PaymentRecord {
    return this.#record;
  }

  /** First come, first served. Rejects with StateUnavailable. */
  claim(requestHash: string): Promise<ClaimReply> {
    const { gateway, eventId: callId } = this.#visit;
    return gateway.state.claims.claim(this.#record, { callId, spoolId: gateway.spool.spoolId, requestHash });
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
  async move(
    state: PaymentState,
    change: Partial<Pick<PaymentRecord, 'transaction' | 'reason'>> = {},
  ): Promise<boolean> {
    const { gateway } = this.#visit;
    const from = this.#record;
    const next: PaymentRecord = { ...from, ...change, state, version: from.version + 1 };
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
      return false;
    }
    this.#record = next;
    return state === 'settled' || this.#isNoted(next);
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

function firstRecord(visit: Visit, api: CompiledApi, route: CompiledRoute, payment: X402Payment): PaymentRecord {
  const { snapshot } = api;
  const { offer } = payment;
  return {
    paymentId: makeId('payment', visit.startedAtMs, randomBytes(10)),
    version: 1,
    state: 'claimed',
    rail: payment.rail,
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
    transaction: null,
    reason: null,
    validBefore: new Date(payment.validBeforeMs).toISOString(),
    occurredAt: new Date(visit.startedAtMs).toISOString(),
  };
}
