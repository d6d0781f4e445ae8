import type { SettleResponse, VerifyResponse } from '@tollwright/protocols';
import type { Charge } from '../rail.ts';
import {
  askSettle,
  askSupported,
  askVerify,
  type FacilitatorAddress,
  type FacilitatorAnswer,
  type FacilitatorLimits,
} from './facilitator.ts';
import { FacilitatorHealth } from './facilitator-health.ts';
import { FacilitatorKinds, type Kind } from './facilitator-kinds.ts';
import { requestOf } from './facilitator-request.ts';
import type { X402Payment } from './payment.ts';

/** Whom payments are verified and settled by: in this order, where several can. */
export type FacilitatorOptions = FacilitatorLimits & { readonly facilitators: readonly FacilitatorAddress[] };

type Member = {
  readonly address: FacilitatorAddress;
  readonly kinds: FacilitatorKinds;
  readonly health: FacilitatorHealth;
};
type NoAnswer = Extract<FacilitatorAnswer<never>, { kind: 'no-answer' }>;

const refreshMs = 60_000;

/** Says that a facilitator failed inside while it verified: no verdict, so another is asked. */
const noVerdict: ReadonlySet<string | undefined> = new Set(['unexpected_verify_error']);

/**
 * Several facilitators as one. A verification goes to the next where one does not answer. A settlement goes to the one that
 * verified, and to another only where the request certainly never left this machine: who may have got it may have sent it on.
 */
export class FacilitatorPool {
  readonly #members: readonly Member[];
  readonly #limits: FacilitatorLimits;
  readonly #verifiedBy = new WeakMap<X402Payment, Member>();
  readonly #timer: NodeJS.Timeout;
  /** Resolves when each was asked once what it settles. */
  readonly ready: Promise<void>;

  /** Asks each what it settles, now and every minute until it is closed. */
  constructor({ facilitators, ...limits }: FacilitatorOptions) {
    this.#limits = limits;
    this.#members = facilitators.map((address) => ({
      address,
      kinds: new FacilitatorKinds(),
      health: new FacilitatorHealth(),
    }));
    this.ready = this.#refresh();
    this.#timer = setInterval(() => void this.#refresh(), refreshMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Whether anybody settles this, in either version. */
  serves(kind: Kind): boolean {
    return this.#members.some(({ kinds }) => kinds.versionFor(kind, 1) !== null || kinds.versionFor(kind, 2) !== null);
  }

  /** The address that payers of scheme `upto` are to name on a network: of the first that does not rest; null: nobody settles it. */
  addressFor(network: string): string | null {
    const able = this.#members.filter(({ kinds }) => kinds.addressFor(network) !== null);
    const first = able.find(({ health }) => !health.rests(Date.now())) ?? able[0];
    return first?.kinds.addressFor(network) ?? null;
  }

  /** Whether all who settle this know an extension: a payment that uses it may come to any of them. */
  knows(extension: string, kind: Kind): boolean {
    const able = this.#members.filter(({ kinds }) => kinds.versionFor(kind, 2) !== null);
    return able.length > 0 && able.every(({ kinds }) => kinds.knows(extension));
  }

  /** Whether an address is one of the pool's. */
  owns(address: string): boolean {
    return this.#members.some(({ kinds }) => kinds.owns(address));
  }

  /** The first verdict. No answer: of none that settles this. */
  async verify(payment: X402Payment): Promise<FacilitatorAnswer<VerifyResponse>> {
    let last: NoAnswer = nobody('no facilitator settles this');
    for (const member of this.#ableTo(payment)) {
      if (!member.health.admits(Date.now())) {
        last = nobody('the facilitator rests after failures');
        continue;
      }
      const answer = await askVerify(member.address, this.#limits, this.#requestFor(member, payment, payment.offer));
      const isVerdict = answer.kind === 'answered' && !noVerdict.has(answer.response.invalidReason);
      member.health.ended(isVerdict, Date.now());
      if (isVerdict) {
        this.#verifiedBy.set(payment, member);
        return answer;
      }
      last = answer.kind === 'answered' ? nobody(answer.response.invalidReason ?? '') : answer;
    }
    return last;
  }

  /** The answer of the one that verified. */
  async settle(payment: X402Payment, charge: Charge): Promise<FacilitatorAnswer<SettleResponse>> {
    const able = this.#ableTo(payment);
    const verifier = this.#verifiedBy.get(payment);
    const ordered = verifier === undefined ? able : [verifier, ...able.filter((member) => member !== verifier)];
    let last: NoAnswer = nobody('no facilitator settles this');
    for (const member of ordered) {
      const answer = await askSettle(member.address, this.#limits, this.#requestFor(member, payment, charge));
      member.health.ended(answer.kind === 'answered', Date.now());
      if (answer.kind === 'answered' || !answer.unsent) return answer;
      last = answer;
    }
    return last;
  }

  #ableTo(payment: X402Payment): readonly Member[] {
    const { offer, protocolVersion, facilitator } = payment;
    return this.#members.filter(({ kinds }) =>
      facilitator === null ? kinds.versionFor(offer, protocolVersion) !== null : kinds.owns(facilitator),
    );
  }

  #requestFor({ kinds }: Member, payment: X402Payment, { amountAtomic }: Charge) {
    const version = kinds.versionFor(payment.offer, payment.protocolVersion) ?? payment.protocolVersion;
    return requestOf(payment, version, amountAtomic);
  }

  async #refresh(): Promise<void> {
    const one = async ({ address, kinds }: Member) => {
      const answer = await askSupported(address, this.#limits);
      if (answer.kind === 'answered') kinds.heard(answer.response, Date.now());
    };
    await Promise.all(this.#members.map(one));
  }
}

function nobody(reason: string): NoAnswer {
  return { kind: 'no-answer', reason, unsent: true };
}
