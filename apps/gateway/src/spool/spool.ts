import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { InboxItem } from '@tollwright/contracts';
import { makeId } from '@tollwright/core';
import { type IntentRecord, type ProgressRecord, recordToJson } from './record.ts';
import { SegmentLedger } from './segment-ledger.ts';
import { SegmentWriter, segmentPath, type Written } from './segment-writer.ts';
import { createSpoolFolder, type SpoolFolder } from './spool-folder.ts';

/** An item with its number in the spool's own sequence, from 1, without gaps. */
export interface NumberedItem {
  readonly sequence: number;
  readonly item: InboxItem;
}

/** A gateway's spool: what it must not forget until Postgres has it. The folder is the gateway's identity. */
export class Spool {
  readonly folder: SpoolFolder;
  readonly #writer: SegmentWriter;
  readonly #ledger = new SegmentLedger();
  #calls = 0;
  #sequence = 0;
  #unshipped: NumberedItem[] = [];

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
  intend(record: IntentRecord, durably: boolean, written: Written): number {
    const json = recordToJson(record);
    const segment = this.#ledger.retain();
    if (durably) this.#writer.appendDurably(json, written);
    else this.#writer.append(json, written);
    return segment;
  }

  progress(record: ProgressRecord): void {
    this.#writer.append(recordToJson(record));
  }

  /** Writes an outcome or a payment's move down and queues it for shipping. */
  record(item: InboxItem, durably: boolean, written: Written): void {
    this.#sequence++;
    const sequence = this.#sequence;
    const json = recordToJson({ kind: 'item', sequence, item });
    this.#ledger.noteSequence(sequence);
    this.#unshipped.push({ sequence, item });
    if (durably) this.#writer.appendDurably(json, written);
    else this.#writer.append(json, written);
  }

  /** The call's hold is settled: a successor would have nothing left to do for it. */
  release(segment: number): void {
    this.#ledger.release(segment);
  }

  /** Up to `limit` items that the inbox has not taken yet, oldest first. */
  unshipped(limit: number): readonly NumberedItem[] {
    return this.#unshipped.slice(0, limit);
  }

  /** The inbox has taken everything up to `sequence`. */
  shipped(sequence: number): void {
    const rest = this.#unshipped.findIndex((item) => item.sequence > sequence);
    this.#unshipped = rest === -1 ? [] : this.#unshipped.slice(rest);
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

  async close(): Promise<void> {
    await this.#writer.close();
  }
}
