import type { AnswerStore, BeginReply } from '../answer-store.ts';
import type { RedisConnection } from './connection.ts';
import { answerKeyOf } from './keys.ts';
import { beginAnswerScript, endAnswerScript } from './scripts/answer.ts';
import { spoolEnd } from './spools.ts';

type Fields = readonly [
  call: string,
  spool: string,
  request: string,
  state: 'running' | 'stored' | 'unstored',
  note: string | null,
];

/** Calls under idempotency keys, which go by themselves. */
export function redisAnswers(connection: RedisConnection): AnswerStore {
  return {
    async begin(answerKey, { callId, spoolId, requestHash }, windowMs): Promise<BeginReply> {
      const begin = (givesWay: string) =>
        connection.run<Fields | null>(
          beginAnswerScript,
          [answerKeyOf(answerKey)],
          [callId, spoolId, requestHash, windowMs, givesWay],
        );
      let found = await begin('');
      let end = found?.[3] === 'running' ? await spoolEnd(connection, found[1]) : 'none';
      if (found !== null && end === 'drained') {
        found = await begin(found[0]);
        end = 'none';
      }
      if (found === null) return { kind: 'begun' };
      const [call, , request, state, note] = found;
      return {
        kind: 'taken',
        answer: { callId: call, requestHash: request, state: end === 'closed' ? 'lost' : state, note: note ?? null },
      };
    },
    async end(answerKey, callId, end) {
      const note = end.kind === 'freed' ? '' : end.note;
      await connection.run(endAnswerScript, [answerKeyOf(answerKey)], [callId, end.kind, note]);
    },
  };
}
