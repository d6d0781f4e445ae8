import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFrames } from './frame.ts';
import { type IntentRecord, type ItemRecord, readRecord, type WrittenTail } from './record.ts';

/** An item with its number in the spool's own sequence. */
export type NumberedItem = Omit<ItemRecord, 'kind'>;

/** What the segments of a spool say, read in order. */
export interface Replay {
  readonly items: readonly NumberedItem[];
  /** Calls that were about to be forwarded, or were, without an outcome; in the order of their intents. */
  readonly interrupted: readonly { readonly intent: IntentRecord; readonly progress: WrittenTail | null }[];
  /** Calls that were begun under a key: event id -> the key. */
  readonly answerKeys: ReadonlyMap<string, string>;
  readonly lastSegment: number;
}

const SEGMENT = /^(\d{8})\.seg$/;

/** Reads a spool folder. A cut or damaged tail of a segment ends that segment; what is before it counts. */
export function replaySpool(dir: string): Replay {
  const items: NumberedItem[] = [];
  const intents = new Map<string, IntentRecord>();
  const progress = new Map<string, WrittenTail>();
  const answerKeys = new Map<string, string>();
  const names = readdirSync(dir)
    .filter((name) => SEGMENT.test(name))
    .sort();
  for (const name of names) {
    for (const json of readFrames(readFileSync(join(dir, name))).records) {
      const record = readRecord(json);
      if (record.kind === 'intent') {
        intents.set(record.base.eventId, record);
        if (record.answerKey !== undefined) answerKeys.set(record.base.eventId, record.answerKey);
      } else if (record.kind === 'progress') {
        progress.set(record.eventId, record.tail);
      } else {
        items.push({ sequence: record.sequence, item: record.item });
        if (record.item.kind !== 'usage') continue;
        intents.delete(record.item.event.eventId);
      }
    }
  }
  const interrupted = [...intents].map(([eventId, intent]) => ({ intent, progress: progress.get(eventId) ?? null }));
  return { items, interrupted, answerKeys, lastSegment: Number(names.at(-1)?.slice(0, 8) ?? 0) };
}
