import { type UsageEvent, usageEvent } from '@tollwright/contracts';
import { ZERO_USD } from '@tollwright/core';
import type { EventTail, IntentRecord } from './record.ts';

/** The event of a call whose gateway died: charged by its last progress, else nothing. The same for every successor. */
export function interruptedEvent(intent: IntentRecord, progress: EventTail | null): UsageEvent {
  const tail: EventTail = progress ?? {
    data: intent.data,
    bytesOut: 0,
    durationMs: 0,
    firstByteMs: null,
    estimated: true,
    ratedNanoUsd: ZERO_USD,
    chargedNanoUsd: ZERO_USD,
    shortfallNanoUsd: ZERO_USD,
    charges: [],
    decision: 'interrupted',
    status: 0,
    upstreamStatus: null,
  };
  return usageEvent.parse({ ...intent.base, ...tail, decision: 'interrupted' });
}
