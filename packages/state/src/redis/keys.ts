import { channelKeyOf, type PaymentRecord } from '@tollwright/contracts';

/**
 * The names of all keys. What must change in one step has one hash tag, so that it lies in one slot: a tag's record with its
 * counters, a spool with its inbox, a shard of claims with its index, the log of changes.
 */
const prefix = 'tw:';

/** Of a tag of counters. Counters and windows lie below it too, in keys that the batch script names by period. */
export function tagKeys(tag: string) {
  const record = `${prefix}{${tag}}`;
  return {
    /** Hash: `identity`, `epoch`, `clock`, `closed` (the highest number of a closed seat); of a customer also `version`, `record` and each key record as `k:<hash>`. */
    record,
    /** Hash: subject -> newest version. */
    versions: `${record}:versions`,
    /** Hash: spool -> `<incarnation>:<number>`. */
    seats: `${record}:seats`,
    /** Set of the spools whose holds were restored here. */
    holders: `${record}:holders`,
    /** The reply to a seat's last number. */
    reply: (spoolId: string) => `${record}:reply:${spoolId}`,
    /** Hash: call -> hold, as the batch script writes it. */
    holds: (spoolId: string) => `${record}:holds:${spoolId}`,
    /** Hash: node -> `<spent> <held> <limit>`. */
    counters: (periodId: string) => `${record}:n:${periodId}`,
    /** Hash: window -> calls taken. */
    windows: (lengthMs: number, startsAtMs: number) => `${record}:w:${lengthMs}:${startsAtMs}`,
  };
}

/** Of a gateway's spool. */
export function spoolKeys(spoolId: string) {
  const record = `${prefix}{s:${spoolId}}`;
  return {
    /** Hash: `boot`, `host`, `url`, `incarnation`, `registered`, `taken`, `closed`, `visits`, `report`. */
    record,
    /** Set of the tags where it may have a seat. */
    tags: `${record}:tags`,
    /** Hash: `appended`, `committed`, `listed`. */
    inbox: `${record}:inbox`,
    /** Stream of pieces, each under the number of its last item. */
    items: `${record}:items`,
  };
}

/** Of an API's snapshot. */
export function apiKeys(apiId: string) {
  const record = `${prefix}{a:${apiId}}`;
  /** `tags`: where its version is kept too. */
  return { record, tags: `${record}:tags` };
}

/** Set of all spools that ever registered, and of those that ever sent an item. */
export const spoolLists = { registered: `${prefix}{spools}:registered`, inbox: `${prefix}{spools}:inbox` };

/** `latest`: a number. `changes`: sorted set by number. `api`, `customer`: hash of id -> `<version> <number>`. */
export const logKeys = {
  latest: `${prefix}{log}:latest`,
  changes: `${prefix}{log}:changes`,
  api: `${prefix}{log}:api`,
  customer: `${prefix}{log}:customer`,
};
export const WAKE_CHANNEL = `${prefix}wake`;

/** Stream of call traces that wait for the worker. */
export const TRACES = `${prefix}{traces}`;

/** Says whose key a hash is. */
export function keyOwner(hash: string): string {
  return `${prefix}{k:${hash}}`;
}

/** Hash: `call`, `spool`, `request`, `state`, `note`. */
export function answerKeyOf(answerKey: string): string {
  return `${prefix}i:${answerKey}`;
}

export const CLAIM_SHARDS = 64;

/** Of a claim: by its name it always has the same shard, which is that of its channel if it has one. */
export function claimKeys(claimKey: string) {
  const channelKey = channelKeyOf(claimKey);
  const shard = shardOf(channelKey ?? claimKey);
  const channel = channelKey === null ? [] : [channelKeys(channelKey).record];
  return { record: `${prefix}{p:${shard}}:${claimKey}`, open: openClaims(shard), mark: claimMark(shard), channel };
}

/** Of a channel. `record` is a hash: `record`, `state`, `deposit`, `settled`, `spent`, `held`, `voucher`, `signature`, `transaction`, `epoch`. */
export function channelKeys(channelKey: string) {
  const shard = shardOf(channelKey);
  return { record: `${prefix}{p:${shard}}:${channelKey}`, closing: closingChannels(shard), mark: claimMark(shard) };
}

/** Sorted set of the channels of a shard that close, in the order of their names. */
export function closingChannels(shard: number): string {
  return `${prefix}{p:${shard}}/closing`;
}

function shardOf(name: string): number {
  let sum = 0;
  for (let index = 0; index < name.length; index += 1) sum = (sum * 31 + name.charCodeAt(index)) >>> 0;
  return sum % CLAIM_SHARDS;
}

/** Hash: the epoch that a shard of claims is of, as `epochKeys.mark`. */
export function claimMark(shard: number): string {
  return `${prefix}{p:${shard}}/epoch`;
}

/** `mark`: hash `epoch`, `kind`, `reason`, `since`, `identity`. `reports`: hash by spool. */
export const epochKeys = {
  mark: `${prefix}{epoch}`,
  reports: (epoch: number) => `${prefix}{epoch}:reports:${epoch}`,
};

/** Sorted set of the claims of a shard that are not ended, in the order of their names. */
export function openClaims(shard: number): string {
  return `${prefix}{p:${shard}}/open`;
}

/** Hash of what a payer has open with a provider: payment -> `<nano-dollars> <until>`; `!failed` while the last one was not settled. */
export function exposureKey({ providerId, payer }: { readonly providerId: string; readonly payer: string }): string {
  return `${prefix}x:${providerId}:${payer}`;
}

/** Hash of what a payer pays on an API in a UTC day: payment -> `<nano-dollars> <until>`. */
export function payerDayKey({
  apiId,
  payer,
  occurredAt,
}: Pick<PaymentRecord, 'apiId' | 'payer' | 'occurredAt'>): string {
  return `${prefix}xd:${apiId}:${payer}:${occurredAt.slice(0, 10)}`;
}

/** Hash of what a payer has settled on an API in a UTC month: `calls:` and `spent:` of `month` and each day, `p:<payment>` -> price. */
export function volumeKey(apiId: string, payer: string, month: string): string {
  return `${prefix}xv:${apiId}:${payer}:${month}`;
}

/** Hash of what is paid under an approval: payment -> `<nano-dollars> <until>`. */
export function approvalKey(approvalId: string): string {
  return `${prefix}xa:${approvalId}`;
}

/** Sorted set of the claims of a payer that let it into a route, by when they end. */
export function accessKey(of: {
  readonly routeId: string;
  readonly livemode: boolean;
  readonly payer: string;
}): string {
  return `${prefix}y:${of.livemode ? 'live' : 'test'}:${of.routeId}:${of.payer}`;
}

/** Hash of what waits for chains of a payer's channels with a provider: `p:<payment>` -> `<amount> <until>`, `c:<channel>` -> `<spent> <settled>`. */
export function unsettledKey({ providerId, payer }: { readonly providerId: string; readonly payer: string }): string {
  return `${prefix}u:${providerId}:${payer}`;
}
