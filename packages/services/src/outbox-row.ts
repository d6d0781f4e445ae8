import type { OutboxMessage } from '@tollwright/contracts';
import { makeId } from '@tollwright/core';
import { toDbJson } from '@tollwright/db';
import type { ServiceContext } from './context.ts';

/** The row of a message that waits to be sent, its payload as it is. */
export function outboxRow(
  { clock, random }: Pick<ServiceContext, 'clock' | 'random'>,
  providerId: string | null,
  message: OutboxMessage,
) {
  const at = clock();
  const createdAt = new Date(at);
  return {
    ...{ id: makeId('outbox', at, random(10)), providerId, kind: message.kind, payload: toDbJson(message) },
    ...{ createdAt, availableAt: createdAt },
  };
}
