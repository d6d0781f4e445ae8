import type { AnswerStore, BeginReply } from '../answer-store.ts';
import type { Connection } from './connection.ts';

const beginStatement = 'SELECT state.begin_answer($1, $2, $3, $4, $5)';
const endStatement = 'SELECT state.end_answer($1, $2, $3, $4)';

/** Calls under idempotency keys. */
export function postgresAnswers(connection: Connection): AnswerStore {
  return {
    async begin(answerKey, { callId, spoolId, requestHash }, windowMs): Promise<BeginReply> {
      const values = [answerKey, callId, spoolId, requestHash, windowMs];
      for (;;) {
        const reply = await connection.value<BeginReply | { kind: 'gone' }>(
          'state_begin_answer',
          beginStatement,
          values,
        );
        if (reply.kind !== 'gone') return reply;
      }
    },
    async end(answerKey, callId, end) {
      const note = end.kind === 'freed' ? null : end.note;
      await connection.value('state_end_answer', endStatement, [answerKey, callId, end.kind, note]);
    },
  };
}
