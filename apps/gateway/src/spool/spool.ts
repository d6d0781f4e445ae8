import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { makeId } from '@tollwright/core';
import { itemRecordJson } from './record-json.ts';
import { SegmentLedger } from './segment-ledger.ts';
import { SegmentWriter, segmentPath, type Written } from './segment-writer.ts';
import { createSpoolFolder, type SpoolFolder } from './spool-folder.ts';

/** Items that the inbox has not taken yet, as JSON, numbered on from `firstSequence` in the spool's own sequence. */
export interface Unshipped {
  readonly firstSequence: number;
  readonly items: readonly string[];
}

/** A gateway's spool: what it must not forget until Postgres has it. The folder is the gateway's identity. */
export class Spool {
  readonly folder: SpoolFolder;
  readonly #writer: SegmentWriter;
  readonly #ledger = new SegmentLedger();
  #calls = 0;
  #sequence = 0;
  #unshipped: string[] = [];

  static async open(root: string, gateway: string): Promise<Spool> {
    const spoolId = makeId('spool', Date.now(), randomBytes(10));
    return new Spool(await createSpoolFolder(root, spoolId, gateway));
  }

  private constructor(folder: SpoolFolder) {
    this.folder = folder;
    this.#writer = new SegmentWriter(folder.dir, { onSegment: (index) => this.#ledger.begin(index) });
  }

  get spoolId(): string {
    return this.folder.meta.spoolId;
  }

  /** The next call number of this spool. */
  nextCall(): number {
    this.#calls++;
    return this.#calls;
  }

  /** The event id of a call: unique for ever, because a spool id is never used twice. */
  eventId(call: number): string {
    return `${this.spoolId}-${call}`;
  }

  /**
   * Writes down that a call is about to be forwarded. It may be forwarded once `written` is called without an error.
   * Answers the segment, which stays until `release`.
   */
  intend(intentJson: string, durably: boolean, written: Written): number {
    const segment = this.#ledger.retain();
    this.#append(intentJson, durably, written);
    return segment;
  }

  progress(progressJson: string): void {
    this.#writer.append(progressJson);
  }

  /** Writes an outcome or a payment's move down and queues it for shipping. */
  record(itemJson: string, durably: boolean, written: Written): void {
    this.#sequence++;
    this.#ledger.noteSequence(this.#sequence);
    this.#unshipped.push(itemJson);
    this.#append(itemRecordJson(this.#sequence, itemJson), durably, written);
  }

  /** The call's hold is settled: a successor would have nothing left to do for it. */
  release(segment: number): void {
    this.#ledger.release(segment);
  }

  /** Up to `limit` items that the inbox has not taken yet, oldest first. */
  unshipped(limit: number): Unshipped {
    const firstSequence = this.#sequence - this.#unshipped.length + 1;
    return { firstSequence, items: this.#unshipped.slice(0, limit) };
  }

  /** The inbox has taken the `count` oldest of them. */
  shipped(count: number): void {
    this.#unshipped = this.#unshipped.slice(count);
  }

  /** The newest number given out. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Postgres has everything up to `watermark`: deletes what nobody needs. */
  async committed(watermark: number): Promise<void> {
    const { dir } = this.folder;
    await Promise.all(
      this.#ledger.takeFinished(watermark).map((index) => rm(segmentPath(dir, index), { force: true })),
    );
  }

  flush(): void {
    this.#writer.flush();
  }

  #append(json: string, durably: boolean, written: Written): void {
    if (durably) this.#writer.appendDurably(json, written);
    else this.#writer.append(json, written);
  }

  async close(): Promise<void> {
    await this.#writer.close();
  }
}
