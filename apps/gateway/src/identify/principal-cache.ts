import { hash } from 'node:crypto';
import type { CustomerRecord, Principal } from '@tollwright/contracts';
import { type StatePort, StateUnavailable } from '@tollwright/state';

const UNKNOWN_TTL_MS = 1_000;

interface Entry {
  readonly principal: Principal | null;
  /** Unknown keys are forgotten soon; known ones when their customer changes. */
  readonly untilMs: number;
}

/** A customer of which keys are known. They share one record, as long as it is of one version. */
interface Known {
  customer: CustomerRecord;
  readonly hashes: Set<string>;
}

/**
 * Who the keys are, by hash, least recently used forgotten first. Not trusted for money: every priced call visits the
 * store, which answers `stale` when a cached principal is old.
 */
export class PrincipalCache {
  readonly #state: Pick<StatePort, 'directory' | 'epochs'>;
  readonly #entries = new Map<string, Entry>();
  readonly #customers = new Map<string, Known>();
  readonly #entriesMax: number;
  #generation = 0;

  /** Keeps at most `entriesMax` keys, of about 1 KB each. */
  constructor(state: Pick<StatePort, 'directory' | 'epochs'>, entriesMax: number) {
    this.#state = state;
    this.#entriesMax = entriesMax;
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
      this.#customers.clear();
      return;
    }
    for (const keyHash of this.#customers.get(customerId)?.hashes ?? []) this.#entries.delete(keyHash);
    this.#customers.delete(customerId);
  }

  async #fetch(keyHash: string, nowMs: number): Promise<Principal | null> {
    const generation = this.#generation;
    const principal = await this.#read(keyHash);
    return generation === this.#generation ? this.#keep(keyHash, principal, nowMs) : principal;
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
    if (this.#entries.size < this.#entriesMax / 2) return;
    this.#entries.delete(keyHash);
    this.#entries.set(keyHash, entry);
  }

  /** The principal as it is kept, with the record that its customer's keys share. */
  #keep(keyHash: string, found: Principal | null, nowMs: number): Principal | null {
    const principal = found && { key: found.key, customer: this.#share(found.customer, keyHash) };
    const untilMs = principal === null ? nowMs + UNKNOWN_TTL_MS : Number.POSITIVE_INFINITY;
    this.#add(keyHash, { principal, untilMs });
    return principal;
  }

  #share(customer: CustomerRecord, keyHash: string): CustomerRecord {
    const { customerId, version } = customer;
    let known = this.#customers.get(customerId);
    if (known === undefined) {
      known = { customer, hashes: new Set() };
      this.#customers.set(customerId, known);
    } else if (known.customer.version !== version) {
      known.customer = customer;
    }
    known.hashes.add(keyHash);
    return known.customer;
  }

  #add(keyHash: string, entry: Entry): void {
    this.#entries.delete(keyHash);
    this.#entries.set(keyHash, entry);
    if (this.#entries.size > this.#entriesMax) this.#forgetOldest();
  }

  #forgetOldest(): void {
    for (const [keyHash, { principal }] of this.#entries) {
      this.#entries.delete(keyHash);
      if (principal !== null) this.#forgetOf(principal.customer.customerId, keyHash);
      return;
    }
  }

  #forgetOf(customerId: string, keyHash: string): void {
    const known = this.#customers.get(customerId);
    known?.hashes.delete(keyHash);
    if (known?.hashes.size === 0) this.#customers.delete(customerId);
  }
}
