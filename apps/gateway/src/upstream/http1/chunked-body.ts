import { Headers, readField } from './field.ts';
import { MalformedResponse } from './malformed.ts';

/** Largest chunk: 8 hexadecimal digits. */
const SIZE_DIGITS_MAX = 8;
/** Chunk extensions and trailers of one answer, both of which are dropped. */
export const DROPPED_BYTES_MAX = 16 * 1024;

const CR = 0x0d;
const LF = 0x0a;
const TAB = 0x09;
const SEMICOLON = 0x3b;

type State = 'size' | 'extension' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'trailer' | 'done';

/** The framing of a chunked body: says which bytes are data. Whoever reads takes `left` bytes, then skips again. */
export class ChunkedBody {
  #state: State = 'size';
  #size = 0;
  #digits = 0;
  #dropped = 0;
  #line = '';

  begin(): void {
    this.#state = 'size';
    this.#size = 0;
    this.#digits = 0;
    this.#dropped = 0;
    this.#line = '';
  }

  /** Bytes of data that come next. */
  get left(): number {
    return this.#state === 'data' ? this.#size : 0;
  }

  get done(): boolean {
    return this.#state === 'done';
  }

  take(bytes: number): void {
    this.#size -= bytes;
    if (this.#size === 0) this.#state = 'data-cr';
  }

  /** Reads framing from `at` on; answers where data begin, or the end of the bytes. Throws MalformedResponse. */
  skip(bytes: Buffer, at: number): number {
    let i = at;
    while (i < bytes.length && this.#state !== 'data' && this.#state !== 'done') {
      this.#read(bytes[i] as number);
      i += 1;
    }
    return i;
  }

  #read(byte: number): void {
    if (this.#state === 'size') this.#readSize(byte);
    else if (this.#state === 'extension') this.#readExtension(byte);
    else if (this.#state === 'trailer') this.#readTrailer(byte);
    else this.#readLineEnd(byte);
  }

  #readLineEnd(byte: number): void {
    if (this.#state === 'size-lf') {
      expect(byte, LF, 'the line of a chunk size');
      this.#digits = 0;
      this.#state = this.#size === 0 ? 'trailer' : 'data';
    } else if (this.#state === 'data-cr') {
      expect(byte, CR, 'a chunk');
      this.#state = 'data-lf';
    } else {
      expect(byte, LF, 'a chunk');
      this.#state = 'size';
    }
  }

  #readSize(byte: number): void {
    const digit = hexadecimal(byte);
    if (digit !== -1) {
      this.#digits += 1;
      if (this.#digits > SIZE_DIGITS_MAX) throw new MalformedResponse('a chunk is too long');
      this.#size = this.#size * 16 + digit;
      return;
    }
    if (this.#digits === 0) throw new MalformedResponse('a chunk has no size');
    if (byte === CR) this.#state = 'size-lf';
    else if (byte === SEMICOLON) this.#state = 'extension';
    else throw new MalformedResponse('a chunk size is no hexadecimal number');
  }

  #readExtension(byte: number): void {
    if (byte === CR) this.#state = 'size-lf';
    else if ((byte < 0x20 && byte !== TAB) || byte === 0x7f) {
      throw new MalformedResponse('a chunk extension has a control byte');
    } else this.#drop();
  }

  #readTrailer(byte: number): void {
    this.#drop();
    const { length } = this.#line;
    if (byte !== LF) {
      this.#line += String.fromCharCode(byte);
      return;
    }
    if (this.#line.charCodeAt(length - 1) !== CR) throw new MalformedResponse('a trailer ends without carriage return');
    if (length === 1) this.#state = 'done';
    else readField(this.#line, 0, length - 1, new Headers());
    this.#line = '';
  }

  #drop(): void {
    this.#dropped += 1;
    if (this.#dropped > DROPPED_BYTES_MAX) throw new MalformedResponse('its chunk extensions or trailers are too long');
  }
}

function expect(byte: number, expected: number, after: string): void {
  if (byte !== expected) throw new MalformedResponse(`there is no line end after ${after}`);
}

function hexadecimal(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
