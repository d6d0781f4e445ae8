import { type InboxStore, StateRejected } from '@tollwright/state';
import type { Logger } from 'pino';
import type { Spool } from './spool.ts';

const SHIP_EVERY_MS = 100;
const WATERMARK_EVERY_MS = 1_000;

/** Carries a spool's items to the inbox, in order, again and again until the store has them; then forgets segments. */
export class Shipper {
  readonly #spool: Spool;
  readonly #inbox: InboxStore;
  readonly #log: Logger;
  #timers: NodeJS.Timeout[] = [];
  #shipping: Promise<void> | null = null;
  #away = false;
  readonly #onLost: (reason: string) => void;
  #asking: Promise<void> | null = null;
  /** The worker has committed up to here. */
  watermark = 0;

  /** `onLost` hears that the inbox has forgotten what it had: the store is not the one it was. */
  constructor(spool: Spool, inbox: InboxStore, log: Logger, onLost: (reason: string) => void) {
    this.#spool = spool;
    this.#inbox = inbox;
    this.#log = log;
    this.#onLost = onLost;
  }

  start(): void {
    this.#timers = [
      setInterval(() => void this.ship(), SHIP_EVERY_MS),
      setInterval(() => void this.look(), WATERMARK_EVERY_MS),
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
    return this.#spool.unshipped.isEmpty;
  }

  /**
   * Nothing leaves that the disk could still forget: after a loss of power a successor numbers on from what it finds there,
   * and settles holds by it. A disk that fails keeps nothing back.
   */
  async #shipAll(): Promise<void> {
    const { unshipped } = this.#spool;
    for (let shipments = unshipped.seal(); shipments > 0; shipments = unshipped.seal()) {
      await this.#spool.synced().catch((error: unknown) => {
        this.#log.error({ err: error }, 'the spool cannot be synced; its items are shipped all the same');
      });
      if (!(await this.#shipNext(shipments))) return;
    }
  }

  async #shipNext(shipments: number): Promise<boolean> {
    const { spoolId, unshipped } = this.#spool;
    for (let left = shipments; left > 0; left--) {
      const next = unshipped.oldest();
      if (next === null) return true;
      try {
        await this.#inbox.appendJson(spoolId, next.firstSequence, next.count, next.json);
      } catch (error) {
        this.#noteAway(error);
        // It misses what came before, which the watermark tells.
        if (error instanceof StateRejected) await this.look();
        return false;
      }
      this.#away = false;
      unshipped.drop();
    }
    return true;
  }

  /** Asks for the watermark; one at a time, so that an answer that was overtaken is not taken for a step back. */
  look(): Promise<void> {
    this.#asking ??= this.#lookOnce()
      .catch((error: unknown) => this.#noteAway(error))
      .finally(() => {
        this.#asking = null;
      });
    return this.#asking;
  }

  async #lookOnce(): Promise<void> {
    const before = this.watermark;
    this.watermark = await this.#inbox.watermark(this.#spool.spoolId);
    if (this.watermark < before) this.#onLost('the inbox has forgotten what was committed');
    await this.#spool.committed(this.watermark);
  }

  #noteAway(error: unknown): void {
    if (!this.#away) this.#log.warn({ err: error }, 'the inbox does not take items; they wait in the spool');
    this.#away = true;
  }
}
