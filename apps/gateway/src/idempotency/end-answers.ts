import type { AnswerStore } from '@tollwright/state';
import type { NumberedItem } from '../spool/replay.ts';
import { isFreed } from './fate.ts';
import { writeUnstored } from './note.ts';

/**
 * Ends the idempotent calls of a dead gateway as its spool says they ended. Those that it had ended itself stay as they are;
 * those without an intent were never forwarded, and their keys are free once the spool is closed.
 */
export async function endAnswers(
  answers: AnswerStore,
  answerKeys: ReadonlyMap<string, string>,
  items: readonly NumberedItem[],
): Promise<void> {
  if (answerKeys.size === 0) return;
  for (const { item } of items) {
    if (item.kind !== 'usage') continue;
    const { event } = item;
    const answerKey = answerKeys.get(event.eventId);
    if (answerKey === undefined) continue;
    const { requestId, chargedNanoUsd } = event;
    const note = { requestId, reason: 'interrupted', chargedNanoUsd: String(chargedNanoUsd) } as const;
    await answers.end(
      answerKey,
      event.eventId,
      isFreed(event) ? { kind: 'freed' } : { kind: 'unstored', note: writeUnstored(note) },
    );
  }
}
