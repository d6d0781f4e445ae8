import {
  type PolicyConfig,
  type Principal,
  principal,
  type SnapshotPlan,
  type SnapshotRoute,
} from '@tollwright/contracts';
import { nanoUsd, type Problem } from '@tollwright/core';
import { createPolicies, type ReadyPolicy } from './create-policies.ts';
import type { Effect } from './policy.ts';
import type { BodyDocument, PolicyCall } from './policy-call.ts';

export const NOW_MS = Date.UTC(2026, 10, 24, 10, 30);

const ROUTE: SnapshotRoute = {
  ...{ id: 'rte_1', operationId: 'createChat', method: 'POST', pathTemplate: '/chat/{id}', extractorId: null },
  ...{ bodyBytesMax: 1_000, strangerPriceNanoUsd: null, policies: [] },
};

/** A plan with these policies and quotas of these features. */
export function planOf(policies: PolicyConfig[], features: readonly string[] = []): SnapshotPlan {
  const quotas = features.map((featureKey) => ({
    ...{ featureKey, meters: ['requests'], limit: 1n, period: 'day' as const, onExhausted: 'reject' as const },
  }));
  return {
    ...{ planVersionId: 'plv_1', planKey: 'pro', version: 1 },
    terms: {
      ...{ currency: 'usd', billingPeriod: 'month', rateLimit: null, quotas, rateCards: [], outputTokensMax: 1_000 },
      prepaid: null,
      ...{ defaultKeyBudget: { limitNanoUsd: nanoUsd(1n), period: 'month' as const }, policies },
    },
  };
}

export interface ReadyOptions {
  readonly level?: 'api' | 'route' | 'plan';
  readonly plan?: SnapshotPlan | null;
  readonly route?: Partial<SnapshotRoute>;
}

/** One policy made ready as the gateway does it. */
export function readyPolicy(type: string, options: PolicyConfig['options'], at: ReadyOptions = {}): ReadyPolicy {
  const { level = 'api', plan = null, route = {} } = at;
  const layers = { api: [], route: [], plan: [], [level]: [{ type, options, shadow: false }] };
  const set = createPolicies(layers, { apiId: 'api_1', route: { ...ROUTE, ...route }, plan });
  const [policy] = [...(set?.head ?? []), ...(set?.body ?? [])];
  if (policy === undefined) throw new Error(`${type} has nothing to do`);
  return policy;
}

/** A known caller; `key` and `customer` are changes. */
export function caller(key: object = {}, customer: object = {}): Principal {
  return principal.parse({
    key: {
      ...{ keyId: 'key_1', agentId: 'agt_1', projectId: null, status: 'active', expiresAtMs: null, livemode: true },
      budgetNodes: [{ node: 'budget:own_1', limitNanoUsd: '1', period: 'month' }],
      ...key,
    },
    customer: {
      ...{ customerId: 'cus_1', providerId: 'prv_1', version: 1, status: 'active' },
      ...{ subscriptionId: 'sub_1', planVersionId: 'plv_1' },
      ...customer,
    },
  });
}

export interface CallOptions extends Partial<Omit<PolicyCall, 'header' | 'document' | 'text'>> {
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or text as it is sent. */
  readonly json?: unknown;
  readonly text?: string;
}

/** A call as a policy sees it. */
export function callOf({ headers = {}, json, text, ...rest }: CallOptions = {}): PolicyCall {
  const sent = text ?? (json === undefined ? undefined : JSON.stringify(json));
  return {
    ...{ apiId: 'api_1', routeId: 'rte_1', operationId: 'createChat', method: 'POST', path: '/chat/7' },
    ...{ pathTemplate: '/chat/{id}', query: '', clientIp: '192.0.2.1', principal: caller(), planKey: 'pro' },
    ...{ nowMs: NOW_MS, bodyBytes: sent === undefined ? null : Buffer.byteLength(sent) },
    ...rest,
    text: () => sent ?? null,
    header: (name) => headers[name],
    document: () => documentOf(sent),
  };
}

function documentOf(text: string | undefined): BodyDocument {
  if (text === undefined) return { kind: 'none' };
  try {
    return { kind: 'json', value: JSON.parse(text) as unknown };
  } catch {
    return { kind: 'malformed' };
  }
}

/** The problem of a refused call; null when it is allowed. */
export function problemOf(policy: ReadyPolicy, call: PolicyCall): Problem | null {
  const decision = policy.decide(call);
  return decision.kind === 'refused' ? decision.problem : null;
}

/** What a policy asks of limits for a call that may use so much of each meter. */
export function asksOf(
  policy: ReadyPolicy,
  call: PolicyCall,
  use: Readonly<Record<string, bigint>> = {},
): readonly Effect[] {
  return policy.ask?.(call, (meters) => [...meters].reduce((sum, meter) => sum + (use[meter] ?? 0n), 0n)) ?? [];
}
