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

/** Of a claim: by its name it always has the same shard. */
export function claimKeys(claimKey: string) {
  let sum = 0;
  for (let index = 0; index < claimKey.length; index += 1) sum = (sum * 31 + claimKey.charCodeAt(index)) >>> 0;
  const shard = sum % CLAIM_SHARDS;
  return { record: `${prefix}{p:${shard}}:${claimKey}`, open: openClaims(shard), mark: claimMark(shard) };
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
