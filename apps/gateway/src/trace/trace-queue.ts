import { type CallTrace, toJson } from '@tollwright/contracts';
import type { TraceStore } from '@tollwright/state';
import type { Logger } from 'pino';
import { Allowance } from './allowance.ts';

/** Traces that wait here at most; about 2 KB each. */
const WAITING_MAX = 1_000;
/** Traces in one message, and how often messages leave. */
const BATCH_MAX = 50;
const SEND_EVERY_MS = 250;
const TELL_EVERY_MS = 60_000;
const OF_ONE_SUBJECT = { burst: 200, perSecond: 20, subjectsMax: 10_000 };

/** Whose trace it would be: calls of one API, those of accepted keys apart from all others. */
export interface TraceSubject {
  readonly apiId: string;
  readonly isKnown: boolean;
}

/** Takes traces of calls, as many as it has room for. */
export interface TraceSink {
  /** `make` is not called when there is no room. Never throws. */
  offer(subject: TraceSubject, make: () => CallTrace): void;
}

/**
 * Traces on their way to the state store. They are no money: nothing waits for them, nothing is written to disk, and what
 * there is no room for is left out and counted.
 */
export class TraceQueue implements TraceSink {
  readonly #store: TraceStore;
  readonly #log: Logger;
  readonly #allowance = new Allowance(OF_ONE_SUBJECT);
  #waiting: CallTrace[] = [];
  #sending: Promise<void> | null = null;
  #timers: NodeJS.Timeout[] = [];
  #told = 0;
  /** Traces that were left out since the start: no room here or in the store, or too many of one subject. */
  dropped = 0;

  constructor(store: TraceStore, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  start(): void {
    this.#timers = [setInterval(() => void this.send(), SEND_EVERY_MS), setInterval(() => this.#tell(), TELL_EVERY_MS)];
    for (const timer of this.#timers) timer.unref();
  }

  /** Sends what waits, once, and tells what was left out. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.send();
    this.#tell();
  }

  offer({ apiId, isKnown }: TraceSubject, make: () => CallTrace): void {
    const hasRoom = this.#waiting.length < WAITING_MAX;
    if (!hasRoom || !this.#allowance.take(isKnown ? apiId : `${apiId} unknown`, performance.now())) {
      this.dropped += 1;
      return;
    }
    try {
      this.#waiting.push(make());
    } catch (error) {
      this.dropped += 1;
      this.#log.error({ err: error }, 'a call could not be traced');
    }
  }

  /** Sends what waits. While the store is away it goes on waiting. */
  async send(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    for (let batch = this.#waiting.slice(0, BATCH_MAX); batch.length > 0; batch = this.#waiting.slice(0, BATCH_MAX)) {
      try {
        const taken = await this.#store.append(batch.map((trace) => toJson(trace)));
        this.dropped += batch.length - taken;
      } catch (error) {
        this.#log.debug({ err: error }, 'the state store does not take traces');
        return;
      }
      this.#waiting.splice(0, batch.length);
    }
  }

  #tell(): void {
    if (this.dropped === this.#told) return;
    this.#log.warn({ traces: this.dropped - this.#told, total: this.dropped }, 'traces of calls were left out');
    this.#told = this.dropped;
  }
}
