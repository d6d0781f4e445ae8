/** One call as the upstream itself saw it; the independent count that guarantees are checked against. */
export type UpstreamCall = {
  readonly requestId: string | null;
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBytes: number;
  readonly bodySha256: string;
  readonly receivedAtMs: number;
  status: number | null;
  inputTokens: number;
  outputTokens: number;
  outcome: 'running' | 'answered' | 'aborted';
};

type Totals = { calls: number; running: number; inputTokens: number; outputTokens: number };

const callsKeptMax = 200_000;

/** Keeps every call in memory, by order of arrival; the oldest are forgotten beyond 200,000, the totals never are. */
export class CallLog {
  #calls: UpstreamCall[] = [];
  #forgotten: Totals = { calls: 0, running: 0, inputTokens: 0, outputTokens: 0 };

  add(call: UpstreamCall): void {
    this.#calls.push(call);
    if (this.#calls.length > callsKeptMax * 1.1) this.#forget(this.#calls.splice(0, this.#calls.length - callsKeptMax));
  }

  reset(): void {
    this.#calls = [];
    this.#forgotten = { calls: 0, running: 0, inputTokens: 0, outputTokens: 0 };
  }

  calls(requestId: string | null): UpstreamCall[] {
    return requestId === null ? this.#calls : this.#calls.filter((call) => call.requestId === requestId);
  }

  stats(requestId: string | null) {
    const calls = this.calls(requestId);
    const byRequestId: Record<string, Totals> = {};
    const byPath: Record<string, Totals> = {};
    for (const call of calls) {
      addTo(byRequestId, call.requestId ?? '', call);
      addTo(byPath, `${call.method} ${call.target.split('?')[0]}`, call);
    }
    const base = requestId === null ? this.#forgotten : undefined;
    return { ...sum(calls, base), byPath, byRequestId };
  }

  #forget(calls: UpstreamCall[]): void {
    this.#forgotten = sum(calls, this.#forgotten);
  }
}

function sum(calls: readonly UpstreamCall[], base?: Totals): Totals {
  const totals: Totals = { calls: 0, running: 0, inputTokens: 0, outputTokens: 0, ...base };
  for (const call of calls) add(totals, call);
  return totals;
}

function addTo(table: Record<string, Totals>, key: string, call: UpstreamCall): void {
  let totals = table[key];
  if (totals === undefined) {
    totals = { calls: 0, running: 0, inputTokens: 0, outputTokens: 0 };
    table[key] = totals;
  }
  add(totals, call);
}

function add(totals: Totals, call: UpstreamCall): void {
  totals.calls += 1;
  totals.running += call.outcome === 'running' ? 1 : 0;
  totals.inputTokens += call.inputTokens;
  totals.outputTokens += call.outputTokens;
}
