import { createHash, randomBytes } from 'node:crypto';
import { toJson } from '@tollwright/contracts';
import { makeKey } from '@tollwright/core';
import type { StatePort } from '@tollwright/state';

const HUGE = 9_000_000_000_000_000n;

/** The four customers of a run: one that may call without end, and three that each run out of one thing after `limit` calls. */
export interface Keys {
  readonly timed: string;
  readonly rateLimited: string;
  readonly quotaLimited: string;
  readonly budgetLimited: string;
}

export const CALLS_BEFORE_REFUSAL = 3;
export const PROVIDER_ID = 'prv_bench';
export const TIMED_CUSTOMER_ID = customerIdOf('timed');
/** The budget tree of each timed call: of its customer, its agent, its key. */
export const TIMED_BUDGET_NODES = budgetNodesOf(TIMED_CUSTOMER_ID, 'timed');
/** Where the API stands at the gateway. */
export const API_BASE = '/bench/llm';
export const CHAT_PATH = '/v1/chat/completions';
export const STREAM_PATH = '/v1/stream';
export const VALIDATED_PATH = '/v1/validated';

// 200 input and 340 output tokens as the upstream reports them; the hold is larger (bytes of the body, 400 output tokens).
const PRICES = { input: '0.5', output: '1.5' };

const BODY_SCHEMA = {
  type: 'object',
  required: ['model', 'messages'],
  additionalProperties: false,
  properties: {
    model: { type: 'string', minLength: 1 },
    max_tokens: { type: 'integer', minimum: 1 },
    messages: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['role', 'content'],
        additionalProperties: false,
        properties: { role: { enum: ['system', 'user', 'assistant'] }, content: { type: 'string', maxLength: 1000 } },
      },
    },
  },
};

/** Publishes an API with three LLM routes and the four customers, through the directory like the product does. */
export async function publishFixture(state: StatePort, upstreamUrl: string): Promise<Keys> {
  const terms = (overrides: { rate?: number; quota?: bigint }) => ({
    currency: 'usd',
    billingPeriod: 'month',
    rateLimit: { limit: overrides.rate ?? 10_000_000, windowSeconds: 3600 },
    quotas: [
      {
        featureKey: 'calls',
        meters: ['requests'],
        limit: overrides.quota ?? HUGE,
        period: 'month',
        onExhausted: 'reject',
      },
      {
        featureKey: 'tokens',
        meters: ['input_tokens', 'output_tokens'],
        limit: HUGE,
        period: 'month',
        onExhausted: 'reject',
      },
    ],
    rateCards: [tokenCard('input', 'input_tokens', PRICES.input), tokenCard('output', 'output_tokens', PRICES.output)],
    defaultKeyBudget: { limitNanoUsd: HUGE, period: 'month' },
    outputTokensMax: 1000,
  });
  const plan = (key: string, value: unknown) => ({
    planVersionId: `plv_${key}`,
    planKey: key,
    version: 1,
    terms: value,
  });
  const snapshot = {
    schemaVersion: 1,
    apiId: 'api_bench',
    providerId: PROVIDER_ID,
    providerSlug: 'bench',
    apiSlug: 'llm',
    apiName: 'Benchmark',
    livemode: true,
    version: 1,
    upstream: {
      baseUrl: upstreamUrl,
      credential: null,
      connectTimeoutMs: 5000,
      firstByteTimeoutMs: 60_000,
      idleTimeoutMs: 60_000,
      totalTimeoutMs: 600_000,
    },
    routes: [
      route('createChatCompletion', CHAT_PATH),
      route('streamChatCompletion', STREAM_PATH),
      {
        ...route('createValidated', VALIDATED_PATH),
        requestSchema: { parameters: [], body: { required: true, schema: BODY_SCHEMA }, definitions: {} },
        policies: [{ type: 'request-validation', shadow: false, options: {} }],
      },
    ],
    extractors: [{ id: 'ext_openai', rule: { kind: 'openai' } }],
    meters: [
      meter('requests', 'COUNT', null),
      meter('input_tokens', 'SUM', '$.input_tokens'),
      meter('output_tokens', 'SUM', '$.output_tokens'),
    ],
    plans: [
      plan('timed', terms({})),
      plan('rate', terms({ rate: CALLS_BEFORE_REFUSAL })),
      plan('quota', terms({ quota: BigInt(CALLS_BEFORE_REFUSAL) })),
      plan('budget', terms({})),
    ],
    wallets: [],
  };
  await state.directory.putSnapshot('api_bench', 1, toJson(snapshot));
  const budgetForThree = 3_500_000n;
  return {
    timed: await putCustomer(state, 'timed', HUGE),
    rateLimited: await putCustomer(state, 'rate', HUGE),
    quotaLimited: await putCustomer(state, 'quota', HUGE),
    budgetLimited: await putCustomer(state, 'budget', budgetForThree),
  };
}

const KEYS_PER_CUSTOMER = 100;
const PUBLISHING_AT_ONCE = 4;

/** Publishes the keys numbered from `from` up to `until`, a hundred a customer, on the plan that never refuses. */
export async function publishKeys(state: StatePort, from: number, until: number): Promise<string[]> {
  const keys: string[] = [];
  let next = from / KEYS_PER_CUSTOMER;
  const publish = async () => {
    while (next < until / KEYS_PER_CUSTOMER) {
      const customerId = `cus_many_${next++}`;
      const own = Array.from({ length: KEYS_PER_CUSTOMER }, () => makeKey('tw', true, randomBytes(64)));
      await state.directory.putCustomer(
        customerOf(customerId, 'timed'),
        own.map((key, index) => keyRecord(key, customerId, `${customerId}_${index}`, HUGE)),
      );
      keys.push(...own);
    }
  };
  await Promise.all(Array.from({ length: PUBLISHING_AT_ONCE }, publish));
  return keys;
}

async function putCustomer(state: StatePort, plan: string, agentLimitNanoUsd: bigint): Promise<string> {
  const key = makeKey('tw', true, randomBytes(64));
  const customerId = customerIdOf(plan);
  await state.directory.putCustomer(customerOf(customerId, plan), [
    keyRecord(key, customerId, plan, agentLimitNanoUsd),
  ]);
  return key;
}

function customerOf(customerId: string, plan: string) {
  return {
    ...{ customerId, providerId: PROVIDER_ID, version: 1, status: 'active' as const },
    ...{ subscriptionId: `sub_${plan}`, planVersionId: `plv_${plan}` },
  };
}

function keyRecord(key: string, customerId: string, name: string, agentLimitNanoUsd: bigint) {
  const limits = [HUGE, agentLimitNanoUsd, HUGE];
  return {
    hash: createHash('sha256').update(key).digest('hex'),
    ...{ keyId: `key_${name}`, agentId: `agt_${name}`, projectId: null, status: 'active' as const },
    ...{ expiresAtMs: null, livemode: true },
    budgetNodes: budgetNodesOf(customerId, name).map((node, index) => ({
      ...{ node, limitNanoUsd: limits[index] ?? HUGE, period: 'month' as const },
    })),
  };
}

function customerIdOf(plan: string): string {
  return `cus_${plan}`;
}

/** Of a customer, and of the agent and key of that name. */
function budgetNodesOf(customerId: string, name: string): string[] {
  return [`budget:${customerId}`, `budget:agt_${name}`, `budget:key_${name}`];
}

function route(operationId: string, pathTemplate: string) {
  return {
    ...{ id: `rte_${operationId}`, operationId, method: 'POST', pathTemplate, extractorId: 'ext_openai' },
    ...{ bodyBytesMax: 1_048_576, strangerPriceNanoUsd: null },
  };
}

function tokenCard(key: string, meterSlug: string, usdPerMillion: string) {
  return {
    key,
    name: `${key} tokens`,
    price: {
      kind: 'per-model-token',
      meter: meterSlug,
      usdPerMillionByModel: { 'bench-small': usdPerMillion },
      defaultUsdPerMillion: null,
    },
  };
}

function meter(slug: string, aggregation: string, valueProperty: string | null) {
  return { slug, eventType: 'request', aggregation, valueProperty, groupBy: { model: '$.model', route: '$.route' } };
}
