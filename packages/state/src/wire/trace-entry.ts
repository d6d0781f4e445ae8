import { callTrace } from '@tollwright/contracts';
import type { TraceEntry } from '../trace-store.ts';

/** Reads a trace as it was sent; one that does not parse comes with the reason. */
export function toTraceEntry(id: string, text: string): TraceEntry {
  try {
    return { id, trace: callTrace.parse(JSON.parse(text)) };
  } catch (error) {
    return { id, trace: null, reason: error instanceof Error ? error.message : String(error) };
  }
}
