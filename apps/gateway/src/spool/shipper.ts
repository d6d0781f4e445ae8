import type { InboxStore } from '@tollwright/state';
import type { Logger } from 'pino';
import type { Spool } from './spool.ts';

const SHIP_EVERY_MS = 100;
const WATERMARK_EVERY_MS = 1_000;
const ITEMS_PER_APPEND = 500;

/** Carries a spool's items to the inbox, in order, again and again until the store has them; then forgets segments. */
export class Shipper {
  readonly #spool: Spool;
  readonly #inbox: InboxStore;
  readonly #log: Logger;
  #timers: NodeJS.Timeout[] = [];
  #shipping: Promise<void> | null = null;
  #away = false;
  /** The worker has committed up to here. */
  watermark = 0;

  constructor(spool: Spool, inbox: InboxStore, log: Logger) {
    this.#spool = spool;
    this.#inbox = inbox;
    this.#log = log;
  }

  start(): void {
    this.#timers = [
      setInterval(() => void this.ship(), SHIP_EVERY_MS),
      setInterval(() => void this.#forget(), WATERMARK_EVERY_MS),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Ships what waits; true when nothing is left. */
  async ship(): Promise<boolean> {
    this.#shipping ??= this.#shipAll().finally(() => {
      this.#shipping = null;
    });
    await this.#shipping;
    return this.#spool.unshipped(1).items.length === 0;
  }

  async #shipAll(): Promise<void> {
    for (;;) {
      const { firstSequence, items } = this.#spool.unshipped(ITEMS_PER_APPEND);
      if (items.length === 0) return;
      try {
        await this.#inbox.appendJson(this.#spool.spoolId, firstSequence, items);
      } catch (error) {
        this.#noteAway(error);
        return;
      }
      this.#away = false;
      this.#spool.shipped(items.length);
    }
  }

  async #forget(): Promise<void> {
    if (this.watermark === this.#spool.sequence) return;
    try {
      this.watermark = await this.#inbox.watermark(this.#spool.spoolId);
      await this.#spool.committed(this.watermark);
    } catch (error) {
      this.#noteAway(error);
    }
  }

  #noteAway(error: unknown): void {
    if (!this.#away) this.#log.warn({ err: error }, 'the inbox does not take items; they wait in the spool');
    this.#away = true;
  }
}
