const PART_BYTES = 256 * 1024;
const OPEN = 0x5b;
const COMMA = 0x2c;
const CLOSE = 0x5d;

/** Some items as one JSON array in UTF-8, numbered on from `firstSequence`. */
export interface Shipment {
  readonly firstSequence: number;
  readonly count: number;
  readonly json: Buffer;
}

interface Part {
  readonly bytes: Buffer;
  used: number;
  count: number;
  sealed: boolean;
  /** When its first item came. */
  readonly sinceMs: number;
}

/**
 * Items on their way to the inbox, oldest first. They are kept as bytes outside the heap: as values they would live just
 * long enough to be copied by the garbage collector again and again.
 */
export class ShipQueue {
  #parts: Part[] = [];
  #spare: Buffer | null = null;
  #firstSequence = 1;

  /** Takes a copy of an item's JSON. */
  push(item: Uint8Array): void {
    let part = this.#parts.at(-1);
    if (part === undefined || part.sealed || part.used + item.length + 2 > part.bytes.length) {
      part = this.#begin(item.length);
    }
    part.bytes[part.used] = part.count === 0 ? OPEN : COMMA;
    part.bytes.set(item, part.used + 1);
    part.used += item.length + 1;
    part.count++;
  }

  /** Items that come later are in no shipment with those that are here. Answers how many shipments these are. */
  seal(): number {
    const last = this.#parts.at(-1);
    if (last !== undefined) last.sealed = true;
    return this.#parts.length;
  }

  /** The oldest items, or null. The same until `drop`. */
  oldest(): Shipment | null {
    const part = this.#parts[0];
    if (part === undefined) return null;
    part.sealed = true;
    part.bytes[part.used] = CLOSE;
    return { firstSequence: this.#firstSequence, count: part.count, json: part.bytes.subarray(0, part.used + 1) };
  }

  /** The oldest items have arrived. */
  drop(): void {
    const part = this.#parts.shift();
    if (part === undefined) return;
    this.#firstSequence += part.count;
    if (part.bytes.length === PART_BYTES) this.#spare = part.bytes;
  }

  get isEmpty(): boolean {
    return this.#parts.length === 0;
  }

  /** Items that wait. */
  get count(): number {
    return this.#parts.reduce((sum, { count }) => sum + count, 0);
  }

  get bytes(): number {
    return this.#parts.reduce((sum, { used }) => sum + used, 0);
  }

  /** How long the oldest item has waited; 0 when none does. */
  ageMs(nowMs: number): number {
    const [oldest] = this.#parts;
    return oldest === undefined ? 0 : Math.max(0, nowMs - oldest.sinceMs);
  }

  #begin(itemBytes: number): Part {
    const spare = itemBytes + 2 <= PART_BYTES ? this.#spare : null;
    if (spare !== null) this.#spare = null;
    const bytes = spare ?? Buffer.allocUnsafeSlow(Math.max(PART_BYTES, itemBytes + 2));
    const part: Part = { bytes, used: 0, count: 0, sealed: false, sinceMs: Date.now() };
    this.#parts.push(part);
    return part;
  }
}
