/** A call that was begun under an idempotency key, as it ended. `note` is its gateway's own, for whoever asks again. */
export type AnswerEnd =
  | { readonly kind: 'stored' | 'unstored'; readonly note: string }
  /** Nothing was charged and nothing is to be remembered: the key may be used again. */
  | { readonly kind: 'freed' };

export interface BegunAnswer {
  readonly callId: string;
  readonly requestHash: string;
  /** `lost`: its gateway was closed by an operator, and nobody knows what became of the call. */
  readonly state: 'running' | 'stored' | 'unstored' | 'lost';
  /** What `end` was told; null while it runs, and when it is lost. */
  readonly note: string | null;
}

export type BeginReply = { readonly kind: 'begun' } | { readonly kind: 'taken'; readonly answer: BegunAnswer };

/**
 * Which call was made under an idempotency key. `answerKey` names it with its owner. A running one of a spool that a
 * successor drained and closed was never forwarded, else the successor had ended it: it may be begun again.
 */
export interface AnswerStore {
  /** First come, first served, until `windowMs` after it was begun. The same call asking again is `begun` again. */
  begin(
    answerKey: string,
    call: { readonly callId: string; readonly spoolId: string; readonly requestHash: string },
    windowMs: number,
  ): Promise<BeginReply>;
  /** Ends the call that runs; anything else is left as it is. */
  end(answerKey: string, callId: string, end: AnswerEnd): Promise<void>;
}
