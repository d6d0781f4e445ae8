import { apiSnapshot } from '@tollwright/contracts';
import type { DirectoryStore } from '@tollwright/state';
import type { Logger } from 'pino';
import { compileApi, type OpenCredential } from './compiled-api.ts';
import type { SnapshotDisk } from './disk-copy.ts';
import type { ApiRegistry } from './registry.ts';

const POLL_MS = 500;
const CHANGES_PER_POLL = 500;

/** Which version of an API is taken in: one above that which is served, or whichever the store has. */
type Versions = 'newer' | 'any';

export interface SnapshotSourceOptions {
  readonly directory: DirectoryStore;
  readonly registry: ApiRegistry;
  readonly disk: SnapshotDisk;
  readonly openCredential: OpenCredential;
  /** Called for each customer that changed, or with null when any may have. */
  readonly onCustomerChange: (customerId: string | null) => void;
  /** The store's log of changes went back: it is not the store that it was. */
  readonly onLost: (reason: string) => void;
  readonly log: Logger;
}

/**
 * Keeps the registry equal to the store: follows the numbered log of changes, woken by a push and polled twice a second
 * whatever the push does. Starts from disk when the store is away. A store that was lost takes nothing away: what it does not
 * have is served on until an epoch is open, when it is whole again and decides.
 */
export class SnapshotSource {
  readonly #options: SnapshotSourceOptions;
  #sequence: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | null = null;
  #again = false;
  #stopWake: (() => Promise<void>) | undefined;
  #stopped = false;
  /** When the store last answered, for readiness. */
  syncedAtMs = 0;

  constructor(options: SnapshotSourceOptions) {
    this.#options = options;
  }

  /** Loads from disk, then from the store if it answers, then follows. */
  async start(): Promise<void> {
    for (const json of await this.#options.disk.readAll()) this.#take(json, null);
    await this.sync();
    this.#timer = setInterval(() => void this.sync(), POLL_MS);
    this.#listen();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#stopWake?.().catch(() => undefined);
    await this.#running;
  }

  /** Follows the log to its end. Calls during a run join one more run. */
  sync(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#syncUntilQuiet().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Fetches one API at once: a call learned that it has a newer version. */
  async refresh(apiId: string): Promise<void> {
    await this.#fetch(apiId, 'newer');
  }

  /**
   * Serves what the store has and nothing else, whatever the versions: an epoch is open, so its directory is whole. Rejects
   * with StateUnavailable.
   */
  async adopt(): Promise<void> {
    while (this.#running) await this.#running;
    const adopting = this.#syncAll(true);
    this.#running = adopting
      .catch(() => undefined)
      .finally(() => {
        this.#running = null;
      });
    await adopting;
    this.syncedAtMs = Date.now();
  }

  async #syncUntilQuiet(): Promise<void> {
    do {
      this.#again = false;
      try {
        if (this.#sequence === null) await this.#syncAll(false);
        else await this.#follow(this.#sequence);
        this.syncedAtMs = Date.now();
      } catch (error) {
        this.#options.log.warn({ err: error }, 'the state store does not answer; serving the last good snapshots');
        return;
      }
    } while (this.#again && !this.#stopped);
  }

  async #syncAll(isWhole: boolean): Promise<void> {
    const { directory, registry } = this.#options;
    const { latest } = await directory.changesSince(Number.MAX_SAFE_INTEGER, 1);
    const listed = await directory.listSnapshots();
    for (const { apiId, version } of listed) {
      const known = registry.byId(apiId)?.snapshot.version ?? 0;
      if (known < version) await this.refresh(apiId);
      else if (isWhole && known > version) await this.#fetch(apiId, 'any');
    }
    if (isWhole) await this.#forgetOthers(new Set(listed.map(({ apiId }) => apiId)));
    this.#options.onCustomerChange(null);
    this.#sequence = latest;
  }

  async #forgetOthers(apiIds: ReadonlySet<string>): Promise<void> {
    const { registry, disk, log } = this.#options;
    for (const apiId of registry.keepOnly(apiIds)) {
      log.warn({ apiId }, 'the store has no such API any more; it is not served');
      await disk.forget(apiId).catch((error: unknown) => {
        log.error({ err: error, apiId }, 'a snapshot could not be deleted from disk');
      });
    }
  }

  async #fetch(apiId: string, versions: Versions): Promise<void> {
    const stored = await this.#options.directory.getSnapshot(apiId);
    if (stored) this.#take(stored.json, apiId, versions);
  }

  async #follow(from: number): Promise<void> {
    const { directory } = this.#options;
    const { changes, latest } = await directory.changesSince(from, CHANGES_PER_POLL);
    if (latest < from) {
      this.#options.log.warn({ from, latest }, 'the log of changes went back; reading everything again');
      this.#options.onLost('the log of changes went back');
      await this.#syncAll(false);
      return;
    }
    const apiIds = new Set<string>();
    for (const change of changes) {
      if (change.kind === 'customer') this.#options.onCustomerChange(change.id);
      else apiIds.add(change.id);
    }
    for (const apiId of apiIds) await this.refresh(apiId);
    const last = changes.at(-1);
    if (last) this.#sequence = last.sequence;
    if (last && last.sequence < latest) this.#again = true;
  }

  /** `apiId` null: the text came from disk and is not written back. */
  #take(json: string, apiId: string | null, versions: Versions = 'newer'): void {
    const { registry, openCredential } = this.#options;
    try {
      const api = compileApi(apiSnapshot.parse(JSON.parse(json)), openCredential);
      if (versions === 'any') registry.replace(api);
      else registry.put(api);
    } catch (error) {
      this.#options.log.error({ err: error, apiId }, 'a snapshot cannot be used; the one before stays');
      return;
    }
    if (apiId === null) return;
    this.#options.disk.write(apiId, json).catch((error: unknown) => {
      this.#options.log.error({ err: error, apiId }, 'the snapshot could not be kept on disk');
    });
  }

  #listen(): void {
    if (this.#stopped) return;
    this.#options.directory
      .onWake(() => void this.sync())
      .then(
        (stop) => {
          this.#stopWake = stop;
        },
        (error: unknown) => {
          this.#options.log.warn({ err: error }, 'no push from the state store; polling only');
          setTimeout(() => this.#listen(), 5_000).unref();
        },
      );
  }
}
