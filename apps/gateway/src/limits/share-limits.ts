import type { ShareTake } from '@tollwright/policies';

const KEYS_MAX = 100_000;

export type ShareReply =
  | { readonly kind: 'taken'; readonly giveBack: () => void }
  | { readonly kind: 'full'; readonly resetAtMs: number };

/** What one key has used. Sliding windows weigh the window before by how much of it is still in sight. */
interface Use {
  startsAtMs: number;
  now: number;
  before: number;
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

  #inWindow({ algorithm, limit, windowSeconds }: ShareTake, use: Use, nowMs: number): ShareReply {
    const windowMs = windowSeconds * 1_000;
    const startsAtMs = nowMs - (nowMs % windowMs);
    if (startsAtMs > use.startsAtMs) {
      use.before = startsAtMs - use.startsAtMs === windowMs ? use.now : 0;
      use.now = 0;
      use.startsAtMs = startsAtMs;
    }
    const share = this.#share(limit);
    const inSight = algorithm === 'sliding-window' ? 1 - (nowMs - use.startsAtMs) / windowMs : 0;
    if (use.now + use.before * inSight + 1 > share) {
      return { kind: 'full', resetAtMs: freeAtMs(use, share, windowMs, algorithm === 'sliding-window') };
    }
    use.now += 1;
    const takenIn = use.startsAtMs;
    const giveBack = () => {
      if (use.startsAtMs === takenIn) use.now -= 1;
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
      use = { startsAtMs: 0, now: 0, before: 0, tokens: this.#share(take.burst), atMs: nowMs };
    } else this.#uses.delete(key);
    this.#uses.set(key, use);
    return use;
  }
}

/** When the next call fits if nothing else comes. */
function freeAtMs({ startsAtMs, now, before }: Use, share: number, windowMs: number, slides: boolean): number {
  const endsAtMs = startsAtMs + windowMs;
  if (!slides) return endsAtMs;
  if (now + 1 <= share) return startsAtMs + Math.ceil(windowMs * (1 - (share - now - 1) / before));
  return endsAtMs + Math.ceil(windowMs * (1 - (share - 1) / now));
}
