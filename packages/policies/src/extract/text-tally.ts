/** Counts the tokens of a text. */
export type CountTokens = (text: string) => number;

const BYTES_PER_TOKEN = 4;
const COUNTED_LENGTH_MAX = 32 * 1024;
const SETTLED_LENGTH_MIN = 64;

/**
 * Text as it passes, for the case that nobody reports its tokens. Keeps up to 32 Ki characters of it to be counted by a
 * tokenizer, which bounds both memory and the time that counting takes; what comes after them is only weighed, at four
 * bytes a token. Texts of one `place` (a choice, a content block) belong together; others are counted apart.
 */
export class TextTally {
  /** UTF-8 bytes of all text so far. */
  bytes = 0;
  readonly #kept = new Map<number, string>();
  #room = COUNTED_LENGTH_MAX;
  #weighedBytes = 0;
  #countedTokens = 0;

  add(place: number, text: string): void {
    if (text === '') return;
    const bytes = Buffer.byteLength(text);
    this.bytes += bytes;
    if (this.#room === 0) {
      this.#weighedBytes += bytes;
      return;
    }
    const part = text.length <= this.#room ? text : text.slice(0, this.#room);
    if (part !== text) this.#weighedBytes += bytes - Buffer.byteLength(part);
    this.#room -= part.length;
    this.#kept.set(place, (this.#kept.get(place) ?? '') + part);
  }

  /** Adds text that cannot be read, by its weight. */
  weigh(bytes: number): void {
    this.bytes += bytes;
    this.#weighedBytes += bytes;
  }

  /** Tokens so far; without a tokenizer four bytes each. May be asked again and again: every word is counted once. */
  tokens(count: CountTokens | null): number {
    if (count === null) return Math.ceil(this.bytes / BYTES_PER_TOKEN);
    let open = 0;
    for (const [place, text] of this.#kept) {
      const end = text.length < SETTLED_LENGTH_MIN ? 0 : Math.max(0, text.lastIndexOf(' '));
      const last = end === 0 ? text : text.slice(end);
      if (end > 0) {
        this.#countedTokens += count(text.slice(0, end));
        this.#kept.set(place, last);
      }
      open += count(last);
    }
    return this.#countedTokens + open + Math.ceil(this.#weighedBytes / BYTES_PER_TOKEN);
  }
}

/** Parts of a JSON value that are no text: what frames it, and what is binary in disguise. */
const FRAME = new Set([
  'role',
  'id',
  'type',
  'index',
  'object',
  'status',
  'call_id',
  'tool_use_id',
  'finish_reason',
  'data',
  'url',
  'signature',
  'encrypted_content',
  'cache_control',
]);

/** Adds every string of a JSON value that is text, in order. Takes any depth: callers and upstreams choose it. */
export function addStrings(tally: TextTally, place: number, value: unknown): void {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') tally.add(place, next);
    else if (Array.isArray(next)) for (let i = next.length - 1; i >= 0; i--) open.push(next[i]);
    else if (typeof next === 'object' && next !== null) {
      const names = Object.keys(next);
      for (let i = names.length - 1; i >= 0; i--) {
        const name = names[i] as string;
        if (!FRAME.has(name)) open.push((next as Record<string, unknown>)[name]);
      }
    }
  }
}
