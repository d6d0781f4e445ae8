import { API_PATH } from '../tenant.ts';

export const RAILS = ['x402', 'evm', 'tempo', 'stripe'] as const;
export type RailName = (typeof RAILS)[number];
/** When a route takes the money, or `upto`: what was used of a ceiling, at the end. */
export const POLICIES = ['after', 'before', 'optimistic', 'upto'] as const;
export type Policy = (typeof POLICIES)[number];

/** How somebody can pay. Who is not known is lent nothing, and one scheme alone takes less than was signed. */
export interface Way {
  readonly rail: RailName;
  readonly policy: Policy;
}

const RAILS_OF: Readonly<Record<Policy, readonly RailName[]>> = {
  after: RAILS,
  before: RAILS,
  optimistic: ['x402', 'evm', 'tempo'],
  upto: ['x402'],
};

export const WAYS: readonly Way[] = POLICIES.flatMap((policy) => RAILS_OF[policy].map((rail) => ({ rail, policy })));

/** Of what the chat is to tell, so much was used; what is dearer than the ceiling is cut off by whoever sells. */
export interface Used {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

const OUTPUT_TOKENS_MAX = 1_000;
/** Dearer than the ceiling. */
const BEYOND: Used = { promptTokens: 400_000, completionTokens: 400_000 };
const EACH_BEYOND = 5;

/** What the `turn`th call under a ceiling uses: something else each time. */
export function usedIn(turn: number): Used {
  if (turn % EACH_BEYOND === EACH_BEYOND - 1) return BEYOND;
  return { promptTokens: 1 + (turn % 7), completionTokens: 1 + ((turn * 37) % (OUTPUT_TOKENS_MAX - 100)) };
}

/** What has the upstream fail. */
export const FAILING = { 'x-upstream-status': '503' };

const PATHS: Readonly<Record<Policy, string>> = {
  after: '/weather?city=Porto',
  before: '/quotes/TOLL',
  optimistic: '/v1/models',
  upto: '/v1/chat/completions',
};

/** Of the route that has a policy, below the API. */
export function pathOf(policy: Policy): string {
  return PATHS[policy];
}

/** A call of the route that has a policy. */
export function requestOf(
  policy: Policy,
  gatewayUrl: string,
  { promptTokens, completionTokens }: Used,
): { readonly url: string; readonly init: RequestInit & { readonly headers: Readonly<Record<string, string>> } } {
  const url = `${gatewayUrl}${API_PATH}${pathOf(policy)}`;
  if (policy !== 'upto') return { url, init: { headers: {} } };
  const upstream = { reportedPromptTokens: promptTokens, reportedCompletionTokens: completionTokens };
  const messages = [{ role: 'user', content: 'hello' }];
  const body = JSON.stringify({ model: 'toll-small', max_tokens: OUTPUT_TOKENS_MAX, messages, upstream });
  return { url, init: { method: 'POST', headers: { 'content-type': 'application/json' }, body } };
}
