import type { ShareTake } from '@tollwright/policies';

const KEYS_MAX = 100_000;

export type ShareReply =
  | { readonly kind: 'taken'; readonly giveBack: () => void }
  | { readonly kind: 'full'; readonly resetAtMs: number };

/** A sliding window is cut into so many slices, and moves on by one at a time. */
const SLICES = 20;

/** What one key has used. */
interface Use {
  /** Number of the newest slice since the epoch, what each slice in sight took, and their sum. */
  newest: number;
  readonly counts: number[];
  total: number;
  /** Of a bucket: what is in it, and when that was so. */
  tokens: number;
  atMs: number;
}

/**
 * Limits that this process keeps by itself: its share of what all processes may admit. `processes` may change at any time.
 * The keys that were used longest ago are forgotten first.
 */
export class ShareLimits {
  readonly #uses = new Map<string, Use>();
  processes = 1;

  take(take: ShareTake, nowMs: number): ShareReply {
    const use = this.#use(take, nowMs);
    return take.algorithm === 'token-bucket' ? this.#fromBucket(take, use, nowMs) : this.#inWindow(take, use, nowMs);
  }

  #fromBucket({ limit, windowSeconds, burst }: ShareTake, use: Use, nowMs: number): ShareReply {
    const perMs = this.#share(limit) / (windowSeconds * 1_000);
    use.tokens = Math.min(this.#share(burst), use.tokens + Math.max(0, nowMs - use.atMs) * perMs);
    use.atMs = Math.max(use.atMs, nowMs);
    if (use.tokens < 1) return { kind: 'full', resetAtMs: nowMs + Math.ceil((1 - use.tokens) / perMs) };
    use.tokens -= 1;
    const giveBack = () => {
      use.tokens += 1;
    };
    return { kind: 'taken', giveBack };
  }

  /** A fixed window is one slice. A sliding one counts all slices that lie in the window at least in part. */
  #inWindow({ algorithm, limit, windowSeconds }: ShareTake, use: Use, nowMs: number): ShareReply {
    const sliceMs = (windowSeconds * 1_000) / (algorithm === 'sliding-window' ? SLICES : 1);
    const slice = Math.max(use.newest, Math.floor(nowMs / sliceMs));
    moveTo(use, slice);
    const share = this.#share(limit);
    if (use.total + 1 > share) return { kind: 'full', resetAtMs: Math.ceil(freeSlice(use, share) * sliceMs) };
    const { counts } = use;
    const place = slice % counts.length;
    counts[place] = (counts[place] ?? 0) + 1;
    use.total += 1;
    const giveBack = () => {
      if (use.newest - slice >= counts.length) return;
      counts[place] = (counts[place] ?? 1) - 1;
      use.total -= 1;
    };
    return { kind: 'taken', giveBack };
  }

  /** At least one call, however many processes there are. */
  #share(limit: number): number {
    return Math.max(1, limit / this.processes);
  }

  #use(take: ShareTake, nowMs: number): Use {
    const key = `${take.algorithm}:${take.windowSeconds}:${take.key}`;
    let use = this.#uses.get(key);
    if (use === undefined) {
      if (this.#uses.size >= KEYS_MAX) this.#uses.delete(this.#uses.keys().next().value ?? '');
      const counts = Array.from({ length: take.algorithm === 'sliding-window' ? SLICES + 1 : 1 }, () => 0);
      use = { newest: 0, counts, total: 0, tokens: this.#share(take.burst), atMs: nowMs };
    } else this.#uses.delete(key);
    this.#uses.set(key, use);
    return use;
  }
}

/** Forgets the slices that are out of sight. */
function moveTo(use: Use, slice: number): void {
  const { counts } = use;
  const steps = Math.min(slice - use.newest, counts.length);
  for (let step = 1; step <= steps; step++) {
    const place = (slice - steps + step) % counts.length;
    use.total -= counts[place] ?? 0;
    counts[place] = 0;
  }
  use.newest = slice;
}

/** The first slice in which the next call fits if nothing else comes. */
function freeSlice({ newest, counts, total }: Use, share: number): number {
  let left = total;
  for (let age = counts.length - 1; age > 0; age--) {
    left -= counts[(newest - age) % counts.length] ?? 0;
    if (left + 1 <= share) return newest - age + counts.length;
  }
  return newest + counts.length;
}
