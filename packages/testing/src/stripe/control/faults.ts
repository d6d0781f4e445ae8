/**
 * What goes wrong with a request. `before` it was carried out nothing has happened; `after` it was, and its answer is kept
 * under its idempotency key, but is not what the caller gets.
 * - `error`: answers `status` instead (500 when not given); after a commit, `stored` makes that the kept answer as well;
 * - `rate-limit`: 429;
 * - `cut`: closes the connection; - `hang`: never answers;
 * - `delay`: waits for `delayMs`; before it is carried out the idempotency key counts as in use meanwhile.
 */
export type Fault = {
  readonly act: 'error' | 'rate-limit' | 'cut' | 'hang' | 'delay';
  readonly when: 'before' | 'after';
  readonly status?: number;
  readonly delayMs?: number;
  readonly stored?: boolean;
};

/** A fault for the next `count` requests that match: all methods and paths when these are not given. */
export type FaultRule = Fault & {
  readonly count: number;
  readonly method?: string;
  /** A regular expression that the path has to match somewhere, such as `^/v1/payment_intents$`. */
  readonly path?: string;
};

type Armed = FaultRule & { left: number };

/** The faults that are still to come. */
export class Faults {
  #rules: Armed[] = [];

  /** Throws when the rule is not one. */
  add(rule: FaultRule): void {
    if (!['error', 'rate-limit', 'cut', 'hang', 'delay'].includes(rule.act))
      throw new Error(`no such act: ${rule.act}`);
    if (!['before', 'after'].includes(rule.when)) throw new Error(`no such moment: ${rule.when}`);
    if (!(rule.count > 0)) throw new Error('count has to be above zero');
    if (rule.path !== undefined) RegExp(rule.path);
    this.#rules.push({ ...rule, left: rule.count });
  }

  clear(): void {
    this.#rules = [];
  }

  /** What was asked for and not met yet. */
  pending(): readonly FaultRule[] {
    return this.#rules.map(({ left, ...rule }) => ({ ...rule, count: left }));
  }

  /** Uses up one fault for a request, if one waits for it. */
  take(method: string, path: string): Fault | null {
    const rule = this.#rules.find((candidate) => matches(candidate, method, path));
    if (rule === undefined) return null;
    rule.left -= 1;
    if (rule.left === 0) this.#rules = this.#rules.filter((candidate) => candidate !== rule);
    return rule;
  }
}

function matches(rule: FaultRule, method: string, path: string): boolean {
  if (rule.method !== undefined && rule.method.toUpperCase() !== method) return false;
  return rule.path === undefined || new RegExp(rule.path).test(path);
}
