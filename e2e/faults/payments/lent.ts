import type { Hex } from 'viem';
import type { Rails } from './every-rail.ts';

/** Of one payer so many calls may be served and not settled, on the route that trusts it. */
export const LENT_CALLS_MAX = 2;

/** What one payer has been served and has not paid, as the chain says at each answer. */
export class Lent {
  readonly #rails: Rails;
  readonly #payer: Hex;
  #answered = 0;
  #most = 0;

  constructor(rails: Rails, payer: Hex) {
    this.#rails = rails;
    this.#payer = payer;
  }

  /** The most that it ever was, in calls. What is settled while the chain is read counts as paid. */
  get most(): number {
    return this.#most;
  }

  async noteAnswer(): Promise<void> {
    this.#answered += 1;
    const answered = this.#answered;
    const { chain, payTo } = this.#rails;
    const moved = await chain.transfers(this.#payer);
    const paid = moved.filter(({ to }) => to.toLowerCase() === payTo.toLowerCase()).length;
    this.#most = Math.max(this.#most, answered - paid);
  }
}
