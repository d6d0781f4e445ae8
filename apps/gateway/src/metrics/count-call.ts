import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi } from '../snapshot/compiled-api.ts';
import type { EventTail } from '../spool/record.ts';

/** Counts a call that was forwarded, as its event says it ended. */
export function countCall({ gateway }: Visit, { snapshot }: CompiledApi, tail: EventTail): void {
  const { chargedNanoUsd, charges, status } = tail;
  const isBilled = chargedNanoUsd > 0n || charges.length > 0;
  const succeeded = status >= 200 && status < 300;
  gateway.metrics.called(snapshot.apiId, isBilled ? 'charged' : succeeded ? 'free' : 'unbilled', status);
}
