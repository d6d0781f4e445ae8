const LF = 0x0a;
const CR = 0x0d;
const EVENT_BYTES_MAX = 1024 * 1024;
const NONE: readonly Buffer[] = [];

/**
 * Cuts a stream of server-sent events, in chunks of any size, after each event. What has no end yet waits: no client can use
 * half an event. One of more than 1 MiB does not wait for its end.
 */
export class SseEvents {
  #rest: Buffer | null = null;

  /** Whether nothing waits for its end. */
  get isWhole(): boolean {
    return this.#rest === null;
  }

  /** The events that have their end now, each with the empty line that closes it. Their bytes are those that came. */
  push(chunk: Buffer): readonly Buffer[] {
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = null;
    if (isEventEnd(bytes) && eventEnd(bytes, 0) === bytes.length) return [bytes];
    const events: Buffer[] = [];
    let start = 0;
    for (let end = eventEnd(bytes, 0); end !== -1; end = eventEnd(bytes, start)) {
      events.push(bytes.subarray(start, end));
      start = end;
    }
    if (start === bytes.length) return events;
    const rest = bytes.subarray(start);
    if (rest.length > EVENT_BYTES_MAX) return [...events, rest];
    this.#rest = rest;
    return events.length === 0 ? NONE : events;
  }

  /** What is left when the stream is over. */
  end(): Buffer | null {
    const rest = this.#rest;
    this.#rest = null;
    return rest;
  }
}

/** Whether the last bytes are the line feeds that end an event: a quick look, true for nearly every chunk of a stream. */
export function isEventEnd(bytes: Buffer): boolean {
  return bytes.length >= 2 && bytes[bytes.length - 1] === LF && bytes[bytes.length - 2] === LF;
}

/** Whether a chunk is one line with the empty line after it, as nearly every chunk of a stream is. */
export function isOneLineEvent(chunk: Buffer): boolean {
  return (
    chunk.length <= EVENT_BYTES_MAX &&
    chunk.indexOf(LF) === chunk.length - 2 &&
    isEventEnd(chunk) &&
    !chunk.includes(CR)
  );
}

/** The next CR or LF; a CRLF is two breaks with an empty line between, which reads the same. */
export function nextBreak(chunk: Buffer, from: number): number {
  const lf = chunk.indexOf(LF, from);
  const cr = chunk.subarray(from, lf === -1 ? chunk.length : lf).indexOf(CR);
  return cr === -1 ? lf : from + cr;
}

/** The offset after the next empty line that closes an event, or -1. A CRLF is one line break here. */
function eventEnd(bytes: Buffer, from: number): number {
  for (let at = nextBreak(bytes, from); at !== -1; ) {
    const next = afterBreak(bytes, at);
    if (bytes[next] === LF || bytes[next] === CR) return afterBreak(bytes, next);
    at = nextBreak(bytes, next);
  }
  return -1;
}

function afterBreak(bytes: Buffer, at: number): number {
  return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at + 1;
}
