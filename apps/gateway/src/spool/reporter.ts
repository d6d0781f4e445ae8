import type { Gateway } from '../pipeline/gateway.ts';

const REPORT_EVERY_MS = 1_000;

/**
 * Tells the store once a second how far this spool has come: from which moment on, by the store's clock, a call may have
 * reserved whose outcome is not among the items so far. Periods are not closed beyond that moment.
 */
export class SpoolReporter {
  readonly #gateway: Pick<Gateway, 'state' | 'spool' | 'visits' | 'log'>;
  #timer: NodeJS.Timeout | undefined;
  #reporting: Promise<void> | null = null;
  #away = false;

  constructor(gateway: Pick<Gateway, 'state' | 'spool' | 'visits' | 'log'>) {
    this.#gateway = gateway;
  }

  start(): void {
    this.#timer = setInterval(() => void this.report(), REPORT_EVERY_MS);
    this.#timer.unref();
    void this.report();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#reporting;
  }

  report(): Promise<void> {
    this.#reporting ??= this.#report()
      .then(
        () => {
          this.#away = false;
        },
        (error: unknown) => {
          if (!this.#away)
            this.#gateway.log.warn({ err: error }, 'the store does not hear how far this spool has come');
          this.#away = true;
        },
      )
      .finally(() => {
        this.#reporting = null;
      });
    return this.#reporting;
  }

  /** The store said its time before it is compared with ours, so a call that came since is never older than what is reported. */
  async #report(): Promise<void> {
    const { state, spool, visits } = this.#gateway;
    const nowMs = await state.nowMs();
    const nowMark = performance.now();
    const [oldest] = visits;
    const ageMs = oldest === undefined ? 0 : Math.max(0, nowMark - oldest.startedMark);
    await state.spools.report(spool.spoolId, { sequence: spool.sequence, sinceMs: Math.floor(nowMs - ageMs) });
  }
}
