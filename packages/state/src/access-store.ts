/** Who asks to come in without paying again, and where. */
export interface AccessAsk {
  readonly routeId: string;
  readonly livemode: boolean;
  /** Lower-cased, as payments name their payer. */
  readonly payer: string;
  /** Only payments on this network count; null: on whichever. */
  readonly network: string | null;
}

/** A settled payment that lets its payer in. */
export interface Access {
  readonly paymentId: string;
  readonly untilMs: number;
}

/** So many of a payer's newest payments for a route are looked at. */
export const ACCESS_PAYMENTS_MAX = 64;

/**
 * Who may come in by signing in, for what they paid before. There is nothing to record: a payment whose record has
 * `accessSeconds` gives access from the move that makes it `settled` until that time is over, or another move refunds it.
 */
export interface AccessStore {
  /** The payment that lets this payer in for longest from now on, among its newest; null: none does. */
  find(ask: AccessAsk): Promise<Access | null>;
}
