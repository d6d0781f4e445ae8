/** The limits that a request to a facilitator, a processor or a chain node is made under. `Egress['fetch']` is one of these. */
export type LimitedFetch = (
  address: string,
  init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly timeoutMs: number;
    readonly bodyBytesMax: number;
    readonly redirectsMax: number;
  },
) => Promise<Response>;
