import { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { FRAME_HEAD_BYTES, RECORD_BYTES_MAX, writeFrame } from './frame.ts';

const BUFFER_BYTES = 512 * 1024;
const SEGMENT_BYTES_MAX = 8 * 1024 * 1024;
const SYNC_EVERY_MS = 100;

/** Called once a record is where it was asked to be; the error says that it is not. */
export type Written = (error: Error | null) => void;

export interface SegmentWriterOptions {
  readonly segmentBytesMax?: number;
  /** Told when a new segment begins. */
  readonly onSegment: (index: number) => void;
}

/** The path of a segment within a spool folder. */
export function segmentPath(dir: string, index: number): string {
  return join(dir, `${String(index).padStart(8, '0')}.seg`);
}

/**
 * Appends framed records. All records of one event-loop turn leave in one write(2), which survives the death of the
 * process; a durable record also waits for fdatasync, shared by all that wait. Everything reaches the disk within 100 ms.
 */
export class SegmentWriter {
  readonly #dir: string;
  readonly #options: SegmentWriterOptions;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES + RECORD_BYTES_MAX);
  #used = 0;
  readonly #dirFd: number;
  #fd = -1;
  #index = 0;
  #segmentBytes = 0;
  #scheduled = false;
  #written: Written[] = [];
  #durable: Written[] = [];
  #syncing = false;
  /** Why records of this turn, written early because the buffer was full, are not there. */
  #failed: Error | null = null;
  #dirty = false;
  /** A write failed and left half a frame that could not be cut off: nothing may follow it in this segment. */
  #torn = false;
  /** How the last sync of the segment before this one went. */
  #finished: Promise<Error | null> = Promise.resolve(null);
  readonly #timer: NodeJS.Timeout;

  constructor(dir: string, options: SegmentWriterOptions) {
    this.#dir = dir;
    this.#options = options;
    this.#dirFd = openSync(dir, 'r');
    this.#rotate();
    this.#timer = setInterval(() => this.#syncWhenDirty(), SYNC_EVERY_MS);
    this.#timer.unref();
  }

  /** The segment that takes the next record. */
  get index(): number {
    return this.#index;
  }

  /** Answers the record's bytes, which stand until the next append. */
  append(json: string, done?: Written): Buffer {
    if (done) this.#written.push(done);
    return this.#put(json);
  }

  appendDurably(json: string, done: Written): Buffer {
    this.#durable.push(done);
    return this.#put(json);
  }

  /** Resolves once every record so far is on the disk; rejects when that cannot be had. */
  async synced(): Promise<void> {
    this.flush();
    const finished = this.#finished;
    if (this.#dirty || this.#syncing) {
      await new Promise<void>((resolve, reject) => {
        this.#durable.push((error) => (error ? reject(error) : resolve()));
        this.#sync();
      });
    }
    const error = await finished;
    if (error !== null) throw error;
  }

  /** Writes what waits, syncs and closes. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.flush();
    await new Promise<void>((resolve) => fdatasync(this.#fd, () => resolve()));
    closeSync(this.#fd);
    closeSync(this.#dirFd);
    this.#fd = -1;
    this.#dirty = false;
  }

  /** Writes what waits, now. */
  flush(): void {
    this.#scheduled = false;
    if (this.#used === 0 && this.#written.length === 0 && this.#durable.length === 0) return;
    const error = this.#write() ?? this.#failed;
    this.#failed = null;
    const written = this.#written;
    this.#written = [];
    for (const done of written) done(error);
    if (error === null) {
      this.#dirty = true;
      if (this.#durable.length > 0) this.#sync();
    } else {
      this.#answerDurable(error);
    }
    const full = this.#segmentBytes >= (this.#options.segmentBytesMax ?? SEGMENT_BYTES_MAX);
    if (full && !this.#syncing) this.#rotateIfPossible();
  }

  #put(json: string): Buffer {
    const start = this.#used + FRAME_HEAD_BYTES;
    const end = writeFrame(this.#buffer, this.#used, json);
    if (end === -1) throw new RangeError('a spool record is at most 1 MiB');
    this.#used = end;
    this.#schedule();
    if (end > BUFFER_BYTES) this.#failed ??= this.#write();
    return this.#buffer.subarray(start, end);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }

  #write(): Error | null {
    try {
      if (this.#torn) this.#rotate();
      let from = 0;
      while (from < this.#used) from += writeSync(this.#fd, this.#buffer, from, this.#used - from);
      this.#segmentBytes += this.#used;
      return null;
    } catch (error) {
      this.#cutTornFrame();
      return error as Error;
    } finally {
      this.#used = 0;
    }
  }

  /** What follows half a frame would not be read back. */
  #cutTornFrame(): void {
    try {
      ftruncateSync(this.#fd, this.#segmentBytes);
    } catch {
      this.#torn = true;
    }
  }

  #sync(): void {
    if (this.#syncing) return;
    this.#syncing = true;
    this.#dirty = false;
    const waiting = this.#durable;
    this.#durable = [];
    fdatasync(this.#fd, (error) => {
      this.#syncing = false;
      for (const done of waiting) done(error);
      if (this.#durable.length > 0) this.#sync();
    });
  }

  #answerDurable(error: Error): void {
    const waiting = this.#durable;
    this.#durable = [];
    for (const done of waiting) done(error);
  }

  #syncWhenDirty(): void {
    if (this.#dirty && this.#fd !== -1) this.#sync();
  }

  /** A disk that has no room for a new segment may have room in the old one. */
  #rotateIfPossible(): void {
    try {
      this.#rotate();
    } catch {
      // The next record of a later turn asks again.
    }
  }

  /** Begins a new segment: when one is full, or damaged. Throws, and changes nothing, when the disk does not allow it. */
  #rotate(): void {
    if (this.#syncing) throw new Error('the segment is being synced');
    const next = openSync(segmentPath(this.#dir, this.#index + 1), 'a', 0o600);
    try {
      fsyncSync(this.#dirFd);
    } catch (error) {
      closeSync(next);
      throw error;
    }
    const before = this.#fd;
    this.#fd = next;
    this.#index++;
    this.#segmentBytes = 0;
    this.#dirty = false;
    this.#torn = false;
    if (before !== -1) this.#finish(before);
    this.#options.onSegment(this.#index);
  }

  #finish(fd: number): void {
    this.#finished = new Promise((resolve) => {
      fdatasync(fd, (error) => {
        closeSync(fd);
        resolve(error);
      });
    });
  }
}
