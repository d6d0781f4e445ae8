import { type ErrorFields, StripeError } from '../errors.ts';

/** An answer as it left: what a replay repeats. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

type Entry = { target: string; params: string; requestId: string; expiresAtMs: number; answer: Answer | null };

const keyLengthMax = 255;
const keptMs = 24 * 3600 * 1000;

/** What was answered under each idempotency key. An entry without an answer is under way. */
export class IdempotencyKeys {
  readonly #entries = new Map<string, Entry>();

  /**
   * Takes a key for a request. Returns the stored answer and whose it is when there is one. Throws 409 while the first
   * request is under way, and `idempotency_error` when the key belongs to another path or other parameters.
   */
  begin(
    key: string,
    request: { target: string; params: string; requestId: string; nowMs: number },
  ): { answer: Answer; requestId: string } | undefined {
    if (key.length > keyLengthMax) {
      throw idempotencyError(400, `Idempotency keys can be at most ${keyLengthMax} characters long.`);
    }
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.expiresAtMs <= request.nowMs) {
      const { target, params, requestId, nowMs } = request;
      this.#entries.set(key, { target, params, requestId, expiresAtMs: nowMs + keptMs, answer: null });
      return undefined;
    }
    if (entry.target !== request.target) {
      throw idempotencyError(
        400,
        `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${request.target}' vs '${entry.target}'). Try using a key other than '${key}' if you meant to execute a different request.`,
      );
    }
    if (entry.params !== request.params) {
      throw idempotencyError(
        400,
        `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      );
    }
    if (entry.answer === null) {
      throw idempotencyError(
        409,
        `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
        'idempotency_key_in_use',
      );
    }
    return { answer: entry.answer, requestId: entry.requestId };
  }

  /** Keeps an answer for a day. */
  store(key: string, answer: Answer): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) entry.answer = answer;
  }

  /** Forgets a request that did nothing, so that the key can be used again. */
  release(key: string): void {
    this.#entries.delete(key);
  }
}

function idempotencyError(status: number, message: string, code?: string): StripeError {
  const fields: ErrorFields = { type: 'idempotency_error', message, ...(code === undefined ? {} : { code }) };
  return new StripeError(status, fields, { executed: false });
}
