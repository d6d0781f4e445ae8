import { type UsageEvent, usageEvent } from '@tollwright/contracts';
import type { IntentRecord, WrittenTail } from './record.ts';

/** The event of a call whose gateway died: charged by its last progress, else nothing. The same for every successor. */
export function interruptedEvent(intent: IntentRecord, progress: WrittenTail | null): UsageEvent {
  const tail: WrittenTail = progress ?? {
    data: intent.data,
    bytesOut: 0,
    durationMs: 0,
    firstByteMs: null,
    estimated: true,
    ratedNanoUsd: '0',
    chargedNanoUsd: '0',
    shortfallNanoUsd: '0',
    charges: [],
    decision: 'interrupted',
    status: 0,
    upstreamStatus: null,
  };
  return usageEvent.parse({ ...intent.base, ...tail, decision: 'interrupted' });
}
