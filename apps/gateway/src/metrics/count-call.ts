import { isBilled } from '../idempotency/fate.ts';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi } from '../snapshot/compiled-api.ts';
import type { EventTail } from '../spool/record.ts';

/** Counts a call that was forwarded, as its event says it ended. */
export function countCall({ gateway }: Visit, { snapshot }: CompiledApi, tail: EventTail): void {
  const { status } = tail;
  const succeeded = status >= 200 && status < 300;
  gateway.metrics.called(snapshot.apiId, isBilled(tail) ? 'charged' : succeeded ? 'free' : 'unbilled', status);
}
