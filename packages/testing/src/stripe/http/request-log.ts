/**
 * One request to the API as it came: the count that others are checked against. `status` is null while it runs and when the
 * connection was cut; `executed` says whether it changed or read anything, `replayed` that a stored answer was given.
 */
export type LoggedRequest = {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
  readonly version: string | null;
  readonly idempotencyKey: string | null;
  readonly userAgent: string | null;
  readonly receivedAtMs: number;
  status: number | null;
  executed: boolean;
  replayed: boolean;
  fault: string | null;
};

const keptMax = 100_000;

/** The requests in the order in which they came; the oldest beyond 100,000 are forgotten. */
export class RequestLog {
  readonly entries: LoggedRequest[] = [];

  add(request: Omit<LoggedRequest, 'status' | 'executed' | 'replayed' | 'fault'>): LoggedRequest {
    const entry = { ...request, status: null, executed: false, replayed: false, fault: null };
    this.entries.push(entry);
    if (this.entries.length > keptMax) this.entries.shift();
    return entry;
  }

  clear(): void {
    this.entries.length = 0;
  }
}
