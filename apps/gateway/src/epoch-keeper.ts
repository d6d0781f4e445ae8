import type { Epoch } from '@tollwright/state';
import type { Gateway } from './pipeline/gateway.ts';
import { replaySpool } from './spool/replay.ts';

const LOOK_EVERY_MS = 500;
const ITEMS_PER_APPEND = 500;
/** A store that is lost again while it is rebuilt forgets who has rejoined, and may number the epoch as before. */
const REPORT_AGAIN_MS = 5_000;

/**
 * Keeps a gateway in the store's epoch. Nothing is reserved before one is open. When it is raised, sends nothing under the
 * old one any more, ships again what Postgres lacks, tells the store what running calls hold, and goes on once it is open.
 */
export class EpochKeeper {
  readonly #gateway: Gateway;
  #entered: number | null = null;
  #reported: { readonly epoch: number; readonly sinceMs: number; readonly atMs: number } | null = null;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
    gateway.batcher.leave('no epoch was heard of yet');
  }

  /** The epoch that this gateway works in; null in none. */
  get epoch(): number | null {
    return this.#entered;
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.#timer.unref();
    await this.look();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** The store is not what it was. Raises the epoch that this gateway worked under. */
  lost(reason: string): void {
    const entered = this.#entered;
    if (entered === null) return;
    this.#leave(reason);
    this.#gateway.state.epochs.raise(entered, reason).then(
      () => this.look(),
      (error: unknown) => this.#gateway.log.warn({ err: error }, 'the epoch is not raised yet'),
    );
  }

  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => {
        if (this.#entered === null)
          this.#gateway.log.warn({ err: error }, 'no epoch of the state store is open to this gateway');
      })
      .finally(() => {
        this.#looking = null;
      });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { batcher, state, log } = this.#gateway;
    const now = await state.epochs.current();
    if (now.kind === 'open') {
      if (now.epoch === this.#entered) return;
      await this.#gateway.source.adopt();
      this.#entered = now.epoch;
      this.#gateway.registered = true;
      batcher.enter(now.epoch);
      log.info({ epoch: now.epoch }, 'works in this epoch of the state store');
      return;
    }
    this.#leave(now.reason);
    if (now.kind === 'closed' && !this.#hasReported(now)) await this.#rejoin(now);
  }

  #hasReported({ epoch, sinceMs }: Epoch): boolean {
    const last = this.#reported;
    return last?.epoch === epoch && last.sinceMs === sinceMs && performance.now() - last.atMs < REPORT_AGAIN_MS;
  }

  #leave(reason: string): void {
    if (this.#entered === null) return;
    this.#entered = null;
    this.#gateway.registered = false;
    this.#gateway.batcher.leave(reason);
    this.#gateway.log.warn({ reason }, 'left the epoch of the state store');
  }

  /** The store may have lost the registration and the inbox too. */
  async #rejoin({ epoch, sinceMs }: Epoch): Promise<void> {
    const { batcher, spool, state, gatewayUrl, log } = this.#gateway;
    const { spoolId, bootId, host } = spool.folder.meta;
    await state.spools.register({ spoolId, bootId, host, url: gatewayUrl });
    const holds = batcher.leave('the store is being rebuilt');
    const { sequence } = spool;
    spool.flush();
    const watermark = await state.inbox.watermark(spoolId);
    const items = replaySpool(spool.folder.dir).items.filter((item) => item.sequence > watermark);
    for (let from = 0; from < items.length; from += ITEMS_PER_APPEND) {
      await state.inbox.append(spoolId, items.slice(from, from + ITEMS_PER_APPEND));
    }
    await state.epochs.rejoin({ epoch, spoolId, sequence, holds, claims: [] });
    this.#reported = { epoch, sinceMs, atMs: performance.now() };
    log.info({ epoch, holds: holds.length, items: items.length }, 'rejoined the state store');
  }
}
