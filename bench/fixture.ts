import { createHash, randomBytes } from 'node:crypto';
import { makeKey } from '@tollwright/core';
import { toJson } from '@tollwright/contracts';
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
export const API_PATH = '/bench/llm/v1/chat/completions';

// 200 input and 340 output tokens as the upstream reports them; the hold is larger (bytes of the body, 400 output tokens).
const PRICES = { input: '0.5', output: '1.5' };

/** Publishes an API with one LLM route and the four customers, through the directory like the product does. */
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
    providerId: 'prv_bench',
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
      {
        id: 'rte_chat',
        operationId: 'createChatCompletion',
        method: 'POST',
        pathTemplate: '/v1/chat/completions',
        extractorId: 'ext_openai',
        bodyBytesMax: 1_048_576,
        strangerPriceNanoUsd: null,
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

async function putCustomer(state: StatePort, plan: string, agentLimitNanoUsd: bigint): Promise<string> {
  const key = makeKey('tw', true, randomBytes(64));
  const customerId = `cus_${plan}`;
  await state.directory.putCustomer(
    {
      customerId,
      providerId: 'prv_bench',
      version: 1,
      status: 'active',
      subscriptionId: `sub_${plan}`,
      planVersionId: `plv_${plan}`,
    },
    [
      {
        hash: createHash('sha256').update(key).digest('hex'),
        keyId: `key_${plan}`,
        agentId: `agt_${plan}`,
        projectId: null,
        status: 'active',
        expiresAtMs: null,
        livemode: true,
        budgetNodes: [
          { node: `budget:${customerId}`, limitNanoUsd: HUGE, period: 'month' },
          { node: `budget:agt_${plan}`, limitNanoUsd: agentLimitNanoUsd, period: 'month' },
          { node: `budget:key_${plan}`, limitNanoUsd: HUGE, period: 'month' },
        ],
      },
    ],
  );
  return key;
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
