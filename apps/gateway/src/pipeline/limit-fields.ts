import type { Period, Problem } from '@tollwright/core';
import { type NodeState, secondsUntil, type Tariff, type WindowState } from '@tollwright/policies';
import type { Asked } from '../guard/asked.ts';

const PERIOD_SECONDS: Record<Period, number | null> = {
  minute: 60,
  hour: 3_600,
  day: 86_400,
  week: 604_800,
  month: 2_678_400,
  total: null,
};
/** The largest integer of a structured field. */
const INTEGER_MAX = 999_999_999_999_999n;

/** `RateLimit` and `RateLimit-Policy` of a call that was taken, as a flat header list: the plan's window, then policies'. */
export function grantedFields(
  tariff: Tariff,
  asked: Asked | null,
  windows: readonly WindowState[],
  nowMs: number,
): string[] {
  const [first] = windows;
  const own = tariff.rateLimit === null || first === undefined ? null : tariff.rateLimit;
  const policies = own === null ? [] : [own.policyField];
  const states = own === null || first === undefined ? [] : [own.field(first, nowMs)];
  for (const { policy, limit, take } of asked?.windows ?? []) {
    const state = policy.shadow ? undefined : windows.find(({ window }) => window === take.window);
    if (state === undefined) continue;
    const name = policy.name.replace(':', '-');
    policies.push(`"${name}";q=${limit};w=${take.windowSeconds}`);
    states.push(`"${name}";r=${state.remaining};t=${secondsUntil(state.resetAtMs, nowMs)}`);
  }
  return policies.length === 0 ? [] : ['ratelimit-policy', policies.join(', '), 'ratelimit', states.join(', ')];
}

/** The same fields of a window that refused, by what its problem says. */
export function problemFields({ members }: Problem, nowMs: number): string[] {
  const { exhausted, limit, windowSeconds, resetAt } = members ?? {};
  if (limit === undefined || typeof resetAt !== 'string') return [];
  const window = windowSeconds === undefined ? '' : `;w=${String(windowSeconds)}`;
  return [
    'ratelimit-policy',
    `"${String(exhausted)}";q=${String(limit)}${window}`,
    'ratelimit',
    `"${String(exhausted)}";r=0;t=${secondsUntil(Date.parse(resetAt), nowMs)}`,
  ];
}

/** The same fields for a node that refused. `name` is what people call it. */
export function refusedFields(name: string, node: NodeState, nowMs: number): string[] {
  const seconds = PERIOD_SECONDS[node.period];
  const rest = node.limit - node.spent - node.held;
  const until = node.endsAtMs === null ? '' : `;t=${secondsUntil(node.endsAtMs, nowMs)}`;
  return [
    'ratelimit-policy',
    `"${name}";q=${integer(node.limit)}${seconds === null ? '' : `;w=${seconds}`}`,
    'ratelimit',
    `"${name}";r=${integer(rest)}${until}`,
  ];
}

function integer(value: bigint): bigint {
  if (value < 0n) return 0n;
  return value < INTEGER_MAX ? value : INTEGER_MAX;
}
