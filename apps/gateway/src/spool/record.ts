import { type InboxItem, inboxItem, type UsageEvent, type usageEvent } from '@tollwright/contracts';
import { z } from 'zod';

/** Everything of a usage event that is known before the call is forwarded. */
export type EventBase = Omit<
  UsageEvent,
  | 'data'
  | 'bytesOut'
  | 'durationMs'
  | 'firstByteMs'
  | 'estimated'
  | 'ratedNanoUsd'
  | 'chargedNanoUsd'
  | 'shortfallNanoUsd'
  | 'charges'
  | 'notices'
  | 'lines'
  | 'decision'
  | 'status'
  | 'upstreamStatus'
>;

/** Everything of a usage event that is known only afterwards. */
export type EventTail = Omit<UsageEvent, keyof EventBase>;

/** The same as it stands on disk: amounts are decimal strings. */
export type WrittenTail = Omit<z.input<typeof usageEvent>, keyof EventBase>;

/** Written before the first byte goes upstream. `tag` is where the hold is; null without one. */
export interface IntentRecord {
  readonly kind: 'intent';
  readonly tag: string | null;
  readonly claimKey: string | null;
  /** The call was begun under this key. Absent: under none. */
  readonly answerKey?: string;
  readonly data: UsageEvent['data'];
  readonly base: EventBase;
}

/** What a running stream has used so far, already priced, so that recovery needs no price list. */
export interface ProgressRecord {
  readonly kind: 'progress';
  readonly eventId: string;
  readonly tail: WrittenTail;
}

/** A numbered item on its way to Postgres: the outcome of a call, or a payment that moved on. */
export interface ItemRecord {
  readonly kind: 'item';
  readonly sequence: number;
  readonly item: InboxItem;
}

export type SpoolRecord = IntentRecord | ProgressRecord | ItemRecord;

const envelope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('item'), sequence: z.int().min(1), item: inboxItem }),
  z.looseObject({ kind: z.literal('intent'), base: z.looseObject({ eventId: z.string() }) }),
  z.looseObject({ kind: z.literal('progress'), eventId: z.string(), tail: z.looseObject({}) }),
]);

/** Reads a record that this gateway's release wrote. Throws on anything else: its frame was whole, so it is a defect. */
export function readRecord(json: string): SpoolRecord {
  return envelope.parse(JSON.parse(json)) as unknown as SpoolRecord;
}
