import type { IncomingHttpHeaders } from 'node:http';

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZERO = /^0+$/;
const TRACESTATE_CHARACTERS_MAX = 512;

/** The span that a call comes from, by W3C Trace Context. `flags` is the byte of sampling. */
export interface RemoteContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: number;
  readonly state: string | null;
}

/** Reads `traceparent` and `tracestate`; null where there is none that can be read, as the specification wants it. */
export function remoteContext({ traceparent, tracestate }: IncomingHttpHeaders): RemoteContext | null {
  if (typeof traceparent !== 'string') return null;
  const [, version, traceId = '', spanId = '', flags = '', rest] = TRACEPARENT.exec(traceparent) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return null;
  if (ZERO.test(traceId) || ZERO.test(spanId)) return null;
  const state = Array.isArray(tracestate) ? tracestate.join(',') : tracestate;
  const fits = state !== undefined && state.length > 0 && state.length <= TRACESTATE_CHARACTERS_MAX;
  return { traceId, spanId, flags: Number.parseInt(flags, 16), state: fits ? state : null };
}
