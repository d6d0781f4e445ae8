import { IncomingMessage } from 'node:http';

/** A whole body, or why there is none. */
export type Collected =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'broken'; readonly cause: Error };

type Mode = 'undecided' | 'collecting' | 'streaming' | 'dropped';

const EMPTY: Buffer = Buffer.alloc(0);
/** What is kept of a body before anybody has said what becomes of it; then the socket is read no further. */
const UNDECIDED_BYTES_MAX = 64 * 1024;

const { _dump: dumpStream } = IncomingMessage.prototype as unknown as { _dump(this: IncomingMessage): void };

/**
 * A request whose body is kept aside, and goes through the machinery of streams only where `stream` asks for one: most
 * calls have a short body or none, and it costs them more than their parsing. Node's server pushes into it by the public
 * `push`; that it dumps what nobody read by `_dump` is internal, and a test says when that changes.
 */
export class LeanRequest extends IncomingMessage {
  #mode: Mode = 'undecided';
  #parts: Buffer[] = [];
  #bytes = 0;
  #bytesMax = UNDECIDED_BYTES_MAX;
  #isWhole = false;
  #isHeld = false;
  #done: ((collected: Collected) => void) | null = null;

  override push(part: Buffer | null): boolean {
    if (this.#mode === 'streaming') return super.push(part);
    if (part === null) return this.#finish();
    if (this.#mode === 'dropped') return true;
    this.#bytes += part.length;
    this.#parts.push(part);
    if (this.#mode === 'undecided') {
      this.#isHeld = this.#bytes >= UNDECIDED_BYTES_MAX;
      return !this.#isHeld;
    }
    if (this.#bytes > this.#bytesMax) this.#drop({ kind: 'too-large' });
    return true;
  }

  /** Takes the whole body, at most `bytesMax`; at once where it is here already. What is longer is read and dropped. */
  collect(bytesMax: number): Collected | Promise<Collected> {
    if (this.#mode !== 'undecided') throw new Error('the body of this request was taken before');
    if (this.#bytes > bytesMax) {
      this.#drop(null);
      return { kind: 'too-large' };
    }
    if (this.#isWhole) return { kind: 'whole', bytes: this.#joined() };
    if (this.destroyed) return { kind: 'broken', cause: new Error('the caller has gone') };
    this.#mode = 'collecting';
    this.#bytesMax = bytesMax;
    return new Promise((resolve) => {
      this.#done = resolve;
      this.#readOn();
    });
  }

  /** From now on this is a stream like any other, beginning with what came so far. */
  stream(): this {
    if (this.#mode !== 'undecided') throw new Error('the body of this request was taken before');
    this.#mode = 'streaming';
    for (const part of this.#parts.splice(0)) super.push(part);
    if (this.#isWhole) super.push(null);
    return this;
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#settle({ kind: 'broken', cause: error ?? new Error('the caller has gone') });
    super._destroy(error, callback);
  }

  /** Node calls this when the answer is finished and nobody read: what is still to come is read and dropped. */
  _dump(): void {
    if (this.#mode === 'streaming') dumpStream.call(this);
    else if (!this.#isWhole) this.#drop({ kind: 'too-large' });
  }

  #finish(): boolean {
    this.#isWhole = true;
    if (this.#mode === 'dropped') return super.push(null);
    if (this.#done !== null) this.#settle({ kind: 'whole', bytes: this.#joined() });
    return true;
  }

  #joined(): Buffer {
    const parts = this.#parts.splice(0);
    return parts.length === 1 ? (parts[0] as Buffer) : parts.length === 0 ? EMPTY : Buffer.concat(parts);
  }

  #drop(collected: Collected | null): void {
    this.#mode = 'dropped';
    this.#parts = [];
    if (collected !== null) this.#settle(collected);
    if (!this.#isWhole) this.resume();
  }

  #readOn(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this._read(0);
  }

  #settle(collected: Collected): void {
    const done = this.#done;
    this.#done = null;
    done?.(collected);
  }
}
