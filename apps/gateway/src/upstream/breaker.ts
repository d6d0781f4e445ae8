import type { BreakerOptions } from '@tollwright/contracts';

/** What a breaker is doing: letting calls through, none, or one to see. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** Whether a call may go. Its end is reported with the ticket; one of an earlier state says nothing about this one. */
export type Admission =
  | { readonly kind: 'admitted'; readonly ticket: number }
  | { readonly kind: 'refused'; readonly retryAfterMs: number };

/** How a call went, as far as the upstream is to blame: `unknown` when it was not. */
export type Verdict = 'ok' | 'failed' | 'unknown';

const SLOTS = 10;

/**
 * The circuit breaker of one upstream address. Opens with the report that reaches a limit, so within the time of one call.
 * After `openMs` one call probes: it closes the breaker by its head, or opens it again. Time enters as an argument.
 */
export class Breaker {
  options: BreakerOptions;
  #state: BreakerState = 'closed';
  /** Grows with every change of state. */
  #era = 0;
  #openUntilMs = 0;
  #inARow = 0;
  readonly #slots = Array.from({ length: SLOTS }, () => ({ at: -1, calls: 0, failures: 0 }));
  readonly #onChange: (state: BreakerState) => void;

  constructor(options: BreakerOptions, onChange: (state: BreakerState) => void) {
    this.options = options;
    this.#onChange = onChange;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** How long no call may go yet; null when one may go now. Asking changes nothing. */
  closedForMs(nowMs: number): number | null {
    return this.#state === 'closed' || nowMs >= this.#openUntilMs ? null : this.#openUntilMs - nowMs;
  }

  admit(nowMs: number): Admission {
    const retryAfterMs = this.closedForMs(nowMs);
    if (retryAfterMs !== null) return { kind: 'refused', retryAfterMs };
    if (this.#state === 'closed') return { kind: 'admitted', ticket: this.#era };
    if (this.#state === 'open') this.#become('half-open');
    return this.#probe(nowMs);
  }

  report(ticket: number, verdict: Verdict, nowMs: number): void {
    if (ticket !== this.#era) return;
    if (this.#state === 'half-open') this.#judgeProbe(verdict, nowMs);
    else if (this.#state === 'closed' && verdict !== 'unknown') this.#count(verdict === 'failed', nowMs);
  }

  /** One call goes; another only if nothing was heard of it for as long as the breaker stays open. */
  #probe(nowMs: number): Admission {
    this.#openUntilMs = nowMs + this.options.openMs;
    return { kind: 'admitted', ticket: this.#era };
  }

  #judgeProbe(verdict: Verdict, nowMs: number): void {
    if (verdict === 'ok') {
      this.#inARow = 0;
      for (const slot of this.#slots) slot.at = -1;
      this.#become('closed');
      return;
    }
    // A probe that its caller gave up has shown nothing: the next call probes.
    this.#openUntilMs = verdict === 'failed' ? nowMs + this.options.openMs : nowMs;
    this.#become('open');
  }

  #count(failed: boolean, nowMs: number): void {
    const at = Math.floor((nowMs * SLOTS) / this.options.windowMs);
    const slot = this.#slots[at % SLOTS] as { at: number; calls: number; failures: number };
    if (slot.at !== at) {
      slot.at = at;
      slot.calls = 0;
      slot.failures = 0;
    }
    slot.calls += 1;
    if (!failed) {
      this.#inARow = 0;
      return;
    }
    slot.failures += 1;
    this.#inARow += 1;
    if (this.#inARow < this.options.failuresInARow && !this.#isTooOften(at)) return;
    this.#openUntilMs = nowMs + this.options.openMs;
    this.#become('open');
  }

  #isTooOften(at: number): boolean {
    let calls = 0;
    let failures = 0;
    for (const slot of this.#slots) {
      if (slot.at <= at - SLOTS || slot.at > at) continue;
      calls += slot.calls;
      failures += slot.failures;
    }
    return calls >= this.options.callsMin && failures * 100 >= calls * this.options.failurePercent;
  }

  #become(state: BreakerState): void {
    this.#state = state;
    this.#era += 1;
    this.#onChange(state);
  }
}
