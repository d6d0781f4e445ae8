import { param, type SearchParams } from '../usage/address.ts';

/** How far back the list goes. */
export const TIMES = [
  { value: '1h', label: 'Last hour', ms: 3_600_000 },
  { value: '24h', label: 'Last 24 hours', ms: 86_400_000 },
  { value: '7d', label: 'Last 7 days', ms: 7 * 86_400_000 },
] as const;

const DECISIONS = ['refused', 'would-refuse', 'allowed'] as const;

/** Names in the address that take calls away. */
export const FILTER_NAMES = [
  ...['period', 'from', 'to', 'decision', 'policy', 'problem', 'status'],
  ...['customer', 'api', 'route', 'agent', 'key', 'request'],
] as const;

/** Whether the address takes any calls away. */
export function isFiltered(search: SearchParams): boolean {
  return FILTER_NAMES.some((name) => param(search, name) !== undefined);
}

/**
 * The filters that the address names, as the procedure takes them: `?decision=refused&policy=rate-limit:burst`. A value that
 * cannot be one counts as none. `from` and `to` are ISO moments and go before `period`.
 */
export function traceFilters(search: SearchParams, nowMs: number) {
  const status = Number(param(search, 'status'));
  const time = TIMES.find(({ value }) => value === param(search, 'period'));
  const since = time === undefined ? undefined : new Date(nowMs - time.ms).toISOString();
  const named = {
    from: momentOf(search, 'from') ?? since,
    to: momentOf(search, 'to'),
    decision: DECISIONS.find((decision) => decision === param(search, 'decision')),
    policy: param(search, 'policy')?.slice(0, 200),
    problem: param(search, 'problem')?.slice(0, 64),
    status: Number.isInteger(status) && status >= 100 && status <= 599 ? status : undefined,
    customerId: idOf(search, 'customer'),
    apiId: idOf(search, 'api'),
    routeId: idOf(search, 'route'),
    agentId: idOf(search, 'agent'),
    keyId: idOf(search, 'key'),
    requestId: param(search, 'request')?.trim().slice(0, 64),
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)) as {
    readonly [Name in keyof typeof named]?: NonNullable<(typeof named)[Name]>;
  };
}

function momentOf(search: SearchParams, name: string): string | undefined {
  const at = Date.parse(param(search, name) ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

function idOf(search: SearchParams, name: string): string | undefined {
  const value = param(search, name);
  return value !== undefined && /^[a-z]{3}_[0-9a-z]{26}$/.test(value) ? value : undefined;
}
