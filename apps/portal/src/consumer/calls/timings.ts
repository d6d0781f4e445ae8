/** What the gateway reported of a call beyond what lists show. */
export interface Timings {
  readonly firstByteMs: number | null;
  readonly upstreamStatus: number | null;
  /** The answer carried no usage, so the gateway counted itself. */
  readonly estimated: boolean;
}

/** Reads the timings out of an event as it was reported; what is missing or of another type is null. */
export function timingsOf(body: Readonly<Record<string, unknown>>): Timings {
  return {
    firstByteMs: numberOf(body.firstByteMs),
    upstreamStatus: numberOf(body.upstreamStatus),
    estimated: body.estimated === true,
  };
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
