import type { Period } from '@tollwright/core';
import { type NodeState, secondsUntil, type Tariff, type WindowState } from '@tollwright/policies';

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

/** `RateLimit` and `RateLimit-Policy` of a call that was taken, as a flat header list. */
export function grantedFields(tariff: Tariff, window: WindowState | undefined, nowMs: number): string[] {
  if (tariff.rateLimit === null || window === undefined) return [];
  return ['ratelimit-policy', tariff.rateLimit.policyField, 'ratelimit', tariff.rateLimit.field(window, nowMs)];
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
