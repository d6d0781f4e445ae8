import { hash } from 'node:crypto';
import type { Principal } from '@tollwright/contracts';
import { type StatePort, StateUnavailable } from '@tollwright/state';

const ENTRIES_MAX = 50_000;
const UNKNOWN_TTL_MS = 1_000;

interface Entry {
  readonly principal: Principal | null;
  /** Unknown keys are forgotten soon; known ones when their customer changes. */
  readonly untilMs: number;
}

/**
 * Who the keys are, by hash, least recently used forgotten first. Not trusted for money: every priced call visits the
 * store, which answers `stale` when a cached principal is old.
 */
export class PrincipalCache {
  readonly #state: Pick<StatePort, 'directory' | 'epochs'>;
  readonly #entries = new Map<string, Entry>();
  readonly #hashesByCustomer = new Map<string, Set<string>>();
  #generation = 0;

  constructor(state: Pick<StatePort, 'directory' | 'epochs'>) {
    this.#state = state;
  }

  /** Answers at once when the key is known. */
  find(key: string, nowMs: number): Principal | null | Promise<Principal | null> {
    const keyHash = hash('sha256', key, 'hex');
    const entry = this.#entries.get(keyHash);
    if (entry && nowMs < entry.untilMs) {
      this.#touch(keyHash, entry);
      return entry.principal;
    }
    return this.#fetch(keyHash, nowMs);
  }

  /** What the directory says at this moment. */
  findNow(key: string): Promise<Principal | null> {
    return this.#read(hash('sha256', key, 'hex'));
  }

  /** Forgets one customer's keys, or every key. An answer that is under way is not kept. */
  invalidate(customerId: string | null): void {
    this.#generation++;
    if (customerId === null) {
      this.#entries.clear();
      this.#hashesByCustomer.clear();
      return;
    }
    for (const keyHash of this.#hashesByCustomer.get(customerId) ?? []) this.#entries.delete(keyHash);
    this.#hashesByCustomer.delete(customerId);
  }

  async #fetch(keyHash: string, nowMs: number): Promise<Principal | null> {
    const generation = this.#generation;
    const principal = await this.#read(keyHash);
    if (generation === this.#generation) this.#keep(keyHash, principal, nowMs);
    return principal;
  }

  /** A store that was lost knows no key; that says nothing about the key. */
  async #read(keyHash: string): Promise<Principal | null> {
    const { directory, epochs } = this.#state;
    const principal = await directory.findKey(keyHash);
    if (principal !== null) return principal;
    const { kind, reason } = await epochs.current();
    if (kind !== 'open') throw new StateUnavailable(`the store does not know its keys: ${reason}`);
    return null;
  }

  /** Moves an entry to the end of the order in which keys are forgotten, which matters only once some have to go. */
  #touch(keyHash: string, entry: Entry): void {
    if (this.#entries.size < ENTRIES_MAX / 2) return;
    this.#entries.delete(keyHash);
    this.#entries.set(keyHash, entry);
  }

  #keep(keyHash: string, principal: Principal | null, nowMs: number): void {
    if (this.#entries.size >= ENTRIES_MAX) this.#forgetOldest();
    const untilMs = principal === null ? nowMs + UNKNOWN_TTL_MS : Number.POSITIVE_INFINITY;
    this.#entries.set(keyHash, { principal, untilMs });
    if (principal === null) return;
    const { customerId } = principal.customer;
    const hashes = this.#hashesByCustomer.get(customerId);
    if (hashes) hashes.add(keyHash);
    else this.#hashesByCustomer.set(customerId, new Set([keyHash]));
  }

  #forgetOldest(): void {
    for (const [keyHash, { principal }] of this.#entries) {
      this.#entries.delete(keyHash);
      if (principal) this.#hashesByCustomer.get(principal.customer.customerId)?.delete(keyHash);
      return;
    }
  }
}
