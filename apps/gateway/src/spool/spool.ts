import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { makeId } from '@tollwright/core';
import { itemRecordHead } from './record-json.ts';
import { SegmentLedger } from './segment-ledger.ts';
import { SegmentWriter, segmentPath, type Written } from './segment-writer.ts';
import { ShipQueue } from './ship-queue.ts';
import { createSpoolFolder, type SpoolFolder } from './spool-folder.ts';

/** A gateway's spool: what it must not forget until Postgres has it. The folder is the gateway's identity. */
export class Spool {
  readonly folder: SpoolFolder;
  readonly #writer: SegmentWriter;
  readonly #ledger = new SegmentLedger();
  #calls = 0;
  #sequence = 0;
  /** What the inbox has not taken yet. */
  readonly unshipped = new ShipQueue();

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
    const head = itemRecordHead(this.#sequence);
    const record = this.#append(`${head}${itemJson}}`, durably, written);
    this.unshipped.push(record.subarray(head.length, record.length - 1));
  }

  /** The call's hold is settled: a successor would have nothing left to do for it. */
  release(segment: number): void {
    this.#ledger.release(segment);
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

  /** Resolves once all that was recorded so far would survive the loss of power; rejects when the disk does not say so. */
  synced(): Promise<void> {
    return this.#writer.synced();
  }

  #append(json: string, durably: boolean, written: Written): Buffer {
    return durably ? this.#writer.appendDurably(json, written) : this.#writer.append(json, written);
  }

  async close(): Promise<void> {
    await this.#writer.close();
  }
}
