import type {
  CustomerRecord,
  InboxItem,
  KeyRecord,
  PaymentRecord,
  PaymentState,
  Principal,
} from '@tollwright/contracts';
import type { LimitNode, Period } from '@tollwright/core';
import type { AccessStore } from './access-store.ts';
import type { AnswerStore } from './answer-store.ts';
import type { ChannelStore } from './channel-store.ts';
import type { BeyondBound, ClaimBound } from './claim-bounds.ts';
import type { SpoolRegistry } from './spool-registry.ts';
import type { TraceStore } from './trace-store.ts';
import type { VolumeStore } from './volume-store.ts';

/**
 * Everything that gateway processes share while they run, in small stores. Adapters: postgres/ and redis/;
 * both pass contract/. Every method rejects with StateUnavailable when the store cannot answer.
 */
export interface StatePort {
  readonly counters: CounterStore;
  readonly claims: ClaimStore;
  readonly channels: ChannelStore;
  readonly accesses: AccessStore;
  readonly volumes: VolumeStore;
  readonly answers: AnswerStore;
  readonly epochs: EpochStore;
  readonly directory: DirectoryStore;
  readonly inbox: InboxStore;
  readonly spools: SpoolRegistry;
  readonly traces: TraceStore;
  /** Rejects with StateUnsafe, which says how to mend it, when the store is set in a way that may lose what it was told. */
  verify(): Promise<void>;
  /** The store's clock, in milliseconds since 1970: that which periods are named by. */
  nowMs(): Promise<number>;
  /** True when the store answers. For readiness only: it decides nothing. */
  ping(): Promise<boolean>;
  /** Forgets what nothing can ask for again: old windows, counters, changes, seats. For the worker, once an hour. */
  purge(): Promise<void>;
  close(): Promise<void>;
}

// Counters and windows -------------------------------------------------------------------------------------------

/** All counters of one tag are one atomic step: `c:<customerId>`. On Redis the tag is the cluster's hash tag. */
export type Tag = string;

/**
 * A gateway's place in a tag. Its batches are numbered one after the other; the tag keeps the last number and its reply.
 * No number up to that of a seat that was closed opens another one there, so that a late batch is never taken for a first one.
 */
export interface Seat {
  readonly tag: Tag;
  /** The epoch that the sender works under. Under another one nothing of its batch is applied. */
  readonly epoch: number;
  readonly spoolId: string;
  /** Raised when a successor takes a dead spool over; a batch of a lower one is `superseded`. */
  readonly incarnation: number;
  readonly number: number;
  /** The sender has no seat there: this number begins one. A batch of number 1 always may. */
  readonly opens?: boolean;
}

/** One call in a fixed window of `windowSeconds`; windows start at multiples of it since the epoch, by the store's clock. */
export interface WindowTake {
  readonly window: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

/** A worst-case amount asked of one node. */
export interface NodeAsk extends LimitNode {
  readonly amount: bigint;
}

/** Everything one call asks of its tag: all windows and all nodes, or nothing. Creates a hold when granted. */
export interface ReserveItem {
  readonly kind: 'reserve';
  /** The event id of the call. Unique for ever. */
  readonly callId: string;
  /** Subject -> version it was decided under (`customer:<id>`, `api:<id>`). An older one than the tag knows is `stale`. */
  readonly versions: Readonly<Record<string, number>>;
  readonly windows: readonly WindowTake[];
  readonly nodes: readonly NodeAsk[];
  /** Tells people when the gateway will have cut the call; no clock ever frees a hold. */
  readonly deadlineAtMs: number;
  readonly reason: string;
}

/** Ends a hold. `charges` names what each node is charged, at most what it held; a missing node is charged nothing. */
export interface SettleItem {
  readonly kind: 'settle';
  readonly callId: string;
  readonly charges: Readonly<Record<string, bigint>>;
}

export type BatchItem = ReserveItem | SettleItem;

/** A node after a grant. `periodId` is the period in which the call reserved, by the store's clock. */
export interface GrantedNode {
  readonly node: string;
  readonly period: Period;
  readonly periodId: string;
  readonly endsAtMs: number | null;
  readonly limit: bigint;
  readonly spent: bigint;
  readonly held: bigint;
}

export interface GrantedWindow {
  readonly window: string;
  readonly limit: number;
  readonly remaining: number;
  readonly resetAtMs: number;
}

/** A window that runs now, without its limit, which only a take names. */
export interface TakenWindow {
  readonly window: string;
  readonly taken: number;
  readonly resetAtMs: number;
}

export type ItemReply =
  | { readonly kind: 'granted'; readonly windows: readonly GrantedWindow[]; readonly nodes: readonly GrantedNode[] }
  | { readonly kind: 'window-full'; readonly window: string; readonly limit: number; readonly resetAtMs: number }
  /** `exhausted`: spent alone leaves no room. `held`: running calls hold the rest and may release it. */
  | { readonly kind: 'exhausted' | 'held'; readonly node: GrantedNode }
  /** The subject has a newer version than the call was decided under: fetch it and decide again. */
  | { readonly kind: 'stale'; readonly subject: string; readonly version: number }
  | { readonly kind: 'settled' }
  /** The hold is not there: settled before, or closed by an operator. Nothing was charged now. */
  | { readonly kind: 'unknown-hold' };

/** Nothing was applied. */
export type SeatRefusal =
  /** The store lost or never had this tag, or the seat's number is behind: nothing is granted until it is rebuilt. */
  | { readonly kind: 'rebuild'; readonly reason: string }
  /** The tag was restored in a later epoch. The sender has to rejoin before it sends again. */
  | { readonly kind: 'epoch'; readonly epoch: number }
  /** A successor owns this spool now. The sender must stop. */
  | { readonly kind: 'superseded' };

export type BatchReply =
  | { readonly kind: 'done'; readonly nowMs: number; readonly replies: readonly ItemReply[] }
  /** There is no seat, and numbers up to `after` may be those of seats that were closed: begin with the next one. */
  | { readonly kind: 'begin'; readonly after: number }
  | SeatRefusal;

export type CloseReply =
  | { readonly kind: 'closed' }
  /** The spool holds something there. */
  | { readonly kind: 'held' }
  | SeatRefusal;

/** A hold as shown in the API and to a successor. Amounts by node. */
export interface Hold {
  readonly callId: string;
  readonly tag: Tag;
  readonly spoolId: string;
  readonly nodes: readonly { readonly node: string; readonly periodId: string; readonly amount: bigint }[];
  readonly sinceMs: number;
  readonly deadlineAtMs: number;
  readonly reason: string;
}

export interface CounterStore {
  /**
   * Applies a batch atomically and exactly once: sent again under its number, with the same items, it gets its first reply.
   * Settles are applied before reserves, so a call's two items never share a batch; reserves in their order. Throws
   * StateRejected when a node or window appears twice in an item, an amount is out of range, or a call holds already.
   */
  batch(seat: Seat, items: readonly BatchItem[]): Promise<BatchReply>;
  /**
   * Forgets a seat, whose last number is `seat.number`. One that was closed before is closed. While the reply is unknown
   * nothing else may be sent under the seat; asked again, it is the same.
   */
  closeSeat(seat: Seat): Promise<CloseReply>;
  /** Current counters of a tag, for screens: every node with spending or holds in its running period. */
  read(tag: Tag): Promise<readonly GrantedNode[]>;
  /** What calls have taken of windows that run now, in their order; takes nothing. A tag that is not there has taken nothing. */
  readWindows(
    tag: Tag,
    windows: readonly Pick<WindowTake, 'window' | 'windowSeconds'>[],
  ): Promise<readonly TakenWindow[]>;
  holds(filter: { readonly tag?: Tag; readonly spoolId?: string }): Promise<readonly Hold[]>;
}

// Epochs ---------------------------------------------------------------------------------------------------------

/**
 * The store's one epoch. Raised when anything shows that the store is not what it was. While it is `closed`, or `lost`
 * (this store has none, or has it from another one), no payment is claimed or moved, and no tag is made.
 */
export interface Epoch {
  readonly epoch: number;
  readonly kind: 'open' | 'closed' | 'lost';
  readonly reason: string;
  readonly sinceMs: number;
}

export interface OpenClaim {
  readonly record: PaymentRecord;
  readonly callId: string;
  readonly spoolId: string;
  readonly requestHash: string;
}

/** What a gateway holds when it has heard of a new epoch and sends nothing under the old one any more. */
export interface Rejoin {
  readonly epoch: number;
  readonly spoolId: string;
  /** The last item of its spool at that moment: every call that is not among the holds has its item up to here. */
  readonly sequence: number;
  readonly holds: readonly Hold[];
  readonly claims: readonly OpenClaim[];
}

/** What Postgres knows to be spent. A node's limit is not known there; the next grant says it. */
export interface SpentCounter {
  readonly node: string;
  readonly periodId: string;
  readonly spent: bigint;
}

/**
 * Raise, rejoin, restore, open. The worker restores only once every registered gateway has rejoined or was closed, and
 * opens only once everything is restored; this port does not know when that is.
 */
export interface EpochStore {
  current(): Promise<Epoch>;
  /** The same, after asking every part of the store whether it is the one it was. */
  survey(): Promise<Epoch>;
  /** Closes the epoch after `above`, unless a later one is there: ten who saw the same loss raise it once. */
  raise(above: number, reason: string): Promise<Epoch>;
  /** The first report of a spool stays. StateRejected unless this epoch is the closed one. */
  rejoin(report: Rejoin): Promise<void>;
  reports(epoch: number): Promise<readonly Rejoin[]>;
  /** Makes a tag anew, with what was spent and what is held; its seats begin at number 1. StateRejected as `rejoin`. */
  restoreTag(epoch: number, tag: Tag, spent: readonly SpentCounter[], holds: readonly Hold[]): Promise<void>;
  /** Enters claims that the store lacks or has in an older version. StateRejected as `rejoin`. */
  restoreClaims(epoch: number, claims: readonly OpenClaim[]): Promise<void>;
  /** Opens this epoch if it is the closed one; answers the epoch that is there now. */
  open(epoch: number): Promise<Epoch>;
}

// Claims ---------------------------------------------------------------------------------------------------------

/** `claimKey` names a payment once and for ever: `x402:<network>:<asset>:<payer>:<nonce>`. */
export interface Claim {
  readonly claimKey: string;
  readonly paymentId: string;
  readonly callId: string;
  readonly spoolId: string;
  /** SHA-256 of what was paid for; another request with the same payment is a mismatch. */
  readonly requestHash: string;
  readonly state: PaymentState;
  readonly version: number;
  readonly transaction: string | null;
  /** Why it is in its state, where the payment's record says it. */
  readonly reason: string | null;
}

/** A payment whose end no gateway has told. */
export interface UnresolvedPayment {
  readonly record: PaymentRecord;
  /** Its spool is closed: no gateway is at work on it any more, and the events of its call are stored. */
  readonly abandoned: boolean;
}

export type ClaimReply =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  | { readonly kind: 'taken'; readonly claim: Claim };

/** The call that claims. */
export type ClaimRequest = { readonly callId: string; readonly spoolId: string; readonly requestHash: string };

export type MoveReply =
  | { readonly kind: 'moved'; readonly claim: Claim }
  /** Another state or version is stored: someone else moved it. */
  | { readonly kind: 'conflict'; readonly claim: Claim | null };

export interface ClaimStore {
  /**
   * First come, first served. A claim in state `released` may be claimed again. The same call asking again for the same
   * payment is `claimed` again while nobody has moved it, since its first reply may have been lost.
   */
  claim(record: PaymentRecord, request: ClaimRequest): Promise<ClaimReply>;
  /** The same under bounds, in their order. A payment that was shown before is `taken`, whatever room there is. */
  claimWithin(
    record: PaymentRecord,
    request: ClaimRequest,
    bounds: readonly ClaimBound[],
  ): Promise<ClaimReply | BeyondBound>;
  /** Compare-and-set on (payment, state, version). `record` is the whole payment after the move, with `version` + 1. */
  move(
    claimKey: string,
    from: { readonly state: PaymentState; readonly version: number },
    record: PaymentRecord,
  ): Promise<MoveReply>;
  get(claimKey: string): Promise<Claim | null>;
  /**
   * Payments that gateways left unresolved (`settling`, `unknown`, or orphaned by a dead spool), for the worker. In the
   * order of their claim keys, after `afterClaimKey`; an empty one begins.
   */
  unresolved(afterClaimKey: string, limit: number): Promise<readonly UnresolvedPayment[]>;
}

// Directory ------------------------------------------------------------------------------------------------------

/** One step of the numbered log of changes. */
export interface Change {
  readonly sequence: number;
  readonly kind: 'api' | 'customer';
  readonly id: string;
  readonly version: number;
}

export interface DirectoryStore {
  /** Stores a compiled snapshot and logs the change. A version not above the stored one is ignored. */
  putSnapshot(apiId: string, version: number, json: string): Promise<void>;
  /** The stored snapshot as JSON text, or null. */
  getSnapshot(apiId: string): Promise<{ readonly version: number; readonly json: string } | null>;
  listSnapshots(): Promise<readonly { readonly apiId: string; readonly version: number }[]>;
  /**
   * Stores a customer with all its keys, replacing what was there, and opens the customer's tag at this version: from its
   * commit on, a batch decided under an older version is `stale`. A version not above the stored one is ignored.
   */
  putCustomer(customer: CustomerRecord, keys: readonly (KeyRecord & { readonly hash: string })[]): Promise<void>;
  /** `hash` is the lower-case hex SHA-256 of the whole key. Key and customer are read together. */
  findKey(hash: string): Promise<Principal | null>;
  /** The log after `sequence`, oldest first, and the newest number. */
  changesSince(
    sequence: number,
    limit: number,
  ): Promise<{ readonly changes: readonly Change[]; readonly latest: number }>;
  /** Wakes the listener soon after a change; may be late or lost, so callers also poll. Answers how to stop. */
  onWake(listener: () => void): Promise<() => Promise<void>>;
}

// Inbox ----------------------------------------------------------------------------------------------------------

/** An item as read back. One that does not parse comes with `item` null, its text and the reason: it must not block the rest. */
export type InboxEntry =
  | { readonly sequence: number; readonly item: InboxItem }
  | { readonly sequence: number; readonly item: null; readonly raw: string; readonly reason: string };

/** The way from a gateway's spool to Postgres. Sequence numbers are the spool's own, from 1, without gaps. */
export interface InboxStore {
  /** Items taken in before are ignored. A gap is StateRejected. */
  append(spoolId: string, items: readonly { readonly sequence: number; readonly item: InboxItem }[]): Promise<void>;
  /** The same for `count` items that are a JSON array in UTF-8 already, numbered on from `firstSequence`. */
  appendJson(spoolId: string, firstSequence: number, count: number, items: Buffer): Promise<void>;
  /** The highest sequence of a spool that the worker has committed: everything up to it may be deleted from the spool. */
  watermark(spoolId: string): Promise<number>;
  /** Spools with items above their watermark. */
  pending(): Promise<readonly string[]>;
  read(spoolId: string, afterSequence: number, limit: number): Promise<readonly InboxEntry[]>;
  /** Tells the store that the worker has committed up to `sequence`; forgets the items. */
  acknowledge(spoolId: string, sequence: number): Promise<void>;
}

/** The store says that the request itself is wrong: a gap in the inbox, a call that reserves twice. Nothing was changed. */
export class StateRejected extends Error {
  override readonly name = 'StateRejected';
}

/** The store could not answer; whether it acted is unknown. */
export class StateUnavailable extends Error {
  override readonly name: string = 'StateUnavailable';
}

/** The store is set so that it may lose what it was told: by eviction, or at its next start. Nothing is served from it. */
export class StateUnsafe extends StateUnavailable {
  override readonly name: string = 'StateUnsafe';
}
