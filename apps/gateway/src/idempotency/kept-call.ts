import type { AnswerEnd } from '@tollwright/state';
import type { Subject } from '../pipeline/decide.ts';
import type { Visit } from '../pipeline/visit.ts';
import type { EventTail } from '../spool/record.ts';
import { AnswerRecorder, type Recorded } from './answer-recorder.ts';
import { isBilled, isFreed } from './fate.ts';
import { sealAnswer, type UnstoredNote, writeUnstored } from './note.ts';

const AGAIN_AFTER_MS = 250;
/** An answer waits so long for the store to keep it; then it goes out, and the store is told on. */
const ANSWER_WAITS_MS_MAX = 1_000;

/** A call that was begun under an idempotency key. It is ended once, however long the store takes. */
export class KeptCall {
  readonly answerKey: string;
  readonly #visit: Visit;
  readonly #subject: Subject;
  #recorder: AnswerRecorder | null = null;
  #ending: Promise<void> | null = null;
  #isKnown: () => void = () => undefined;
  /** Resolves when the store knows how the call ended. */
  readonly known = new Promise<void>((resolve) => {
    this.#isKnown = resolve;
  });

  constructor(visit: Visit, subject: Subject, answerKey: string) {
    this.#visit = visit;
    this.#subject = subject;
    this.answerKey = answerKey;
  }

  /** From now on the answer is recorded: the call will be forwarded. */
  record(): void {
    this.#recorder = new AnswerRecorder(this.#visit.response);
  }

  /** Nothing was forwarded. Resolves when the store knows, or does not answer for a second. */
  free(): Promise<void> {
    this.#ending ??= this.#end({ kind: 'freed' });
    return this.#letGo();
  }

  /** The outcome is in the spool and the answer was handed over: it goes out as soon as it is kept. */
  ended(tail: EventTail): void {
    this.#ending ??= this.#end(this.#endOf(tail, this.#recorder?.recorded ?? { kind: 'open' }));
    void this.#letGo();
  }

  #endOf(tail: EventTail, recorded: Recorded): AnswerEnd {
    const { gateway, requestId, startedAtMs } = this.#visit;
    if (isFreed(tail) || (recorded.kind === 'open' && !isBilled(tail))) return { kind: 'freed' };
    if (recorded.kind !== 'whole') return this.#unstored(recorded.kind === 'open' ? 'cut' : recorded.kind, tail);
    const { customerId, providerId } = this.#subject.principal.customer;
    const { answer } = recorded;
    if (!gateway.keptBytes.take(customerId, answer.body.length, startedAtMs)) return this.#unstored('too-many', tail);
    const owner = { providerId, answerKey: this.answerKey };
    return { kind: 'stored', note: sealAnswer(gateway.masterKeys, owner, { ...answer, requestId }) };
  }

  #unstored(reason: UnstoredNote['reason'], { chargedNanoUsd }: EventTail): AnswerEnd {
    const { requestId } = this.#visit;
    return { kind: 'unstored', note: writeUnstored({ requestId, reason, chargedNanoUsd: String(chargedNanoUsd) }) };
  }

  /** Tells the store again and again. A gateway that stops waits for it; what it leaves is its successor's. */
  async #end(end: AnswerEnd): Promise<void> {
    const { gateway, eventId } = this.#visit;
    gateway.running++;
    try {
      for (;;) {
        try {
          await gateway.state.answers.end(this.answerKey, eventId, end);
          this.#isKnown();
          return;
        } catch (error) {
          gateway.log.warn({ err: error, eventId }, 'the end of an idempotent call is not stored yet');
          await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS).unref());
        }
      }
    } finally {
      gateway.running--;
    }
  }

  async #letGo(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, ANSWER_WAITS_MS_MAX);
    });
    await Promise.race([this.#ending, late]);
    clearTimeout(timer);
    this.#recorder?.letGo();
  }
}
