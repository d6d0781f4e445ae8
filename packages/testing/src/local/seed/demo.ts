import type { Meter } from '@tollwright/core';
import type { createPlan } from '@tollwright/services';
import { BASE, BASE_SEPOLIA } from '../../chain/network.ts';
import { TEMPO_CHAIN_ID } from '../../chain/tempo/run-tempo.ts';
import type { Person } from './people.ts';

/** The sign-ins of the demo. They open a product on this machine only. */
export const PROVIDER_OWNER: Person = { email: 'provider@acme.test', password: 'tollwright-acme', name: 'Ada Acme' };
export const AGENT_OWNER: Person = { email: 'owner@globex.test', password: 'tollwright-globex', name: 'Hank Globex' };

export const PROVIDER = { slug: 'acme', name: 'Acme AI', keyPrefix: 'acme' } as const;
export const API = { slug: 'llm', name: 'Acme LLM' } as const;
export const NETWORK = BASE_SEPOLIA.network;
export const TEMPO_NETWORK = `eip155:${TEMPO_CHAIN_ID}`;
/** Where payments go: both local chains, and Tempo. */
export const NETWORKS: readonly string[] = [NETWORK, BASE.network, TEMPO_NETWORK];

/** Operations of the sample upstream. */
export const CHAT = 'createChatCompletion';
/** The operations whose answers carry tokens, and who shaped them. */
export const TOKEN_OPERATIONS: ReadonlyMap<string, 'openai' | 'anthropic'> = new Map([
  [CHAT, 'openai'],
  ['createCompletion', 'openai'],
  ['createResponse', 'openai'],
  ['createMessage', 'anthropic'],
]);
/** Sold to strangers by use: they authorize a ceiling and pay by the prices of a plan, streamed or not. */
export const UPTO = 'createMessage';
export const UPTO_PATH = '/v1/messages';
export const UPTO_PLAN = 'pro';
export const UPTO_CEILING_NANO_USD = '50000000';
export const PAID_GET = 'getWeather';
export const PAID_PATH = '/weather?city=Lisbon';
/** What strangers pay a call: a cent, and where cards are to be shown too, the least that they take. */
export const STRANGER_PRICES_NANO_USD: ReadonlyMap<string, string> = new Map([
  [CHAT, '10000000'],
  [PAID_GET, '500000000'],
]);

const groupBy = { model: '$.model', route: '$.route' };
const sumOf = (slug: string, name: string) => ({
  slug,
  name,
  eventType: 'request',
  aggregation: 'SUM' as const,
  valueProperty: `$.${slug}`,
  groupBy,
});

export const METERS: readonly (Meter & { readonly name: string; readonly aggregation: 'COUNT' | 'SUM' })[] = [
  { slug: 'requests', name: 'Requests', eventType: 'request', aggregation: 'COUNT', valueProperty: null, groupBy },
  sumOf('input_tokens', 'Input tokens'),
  sumOf('output_tokens', 'Output tokens'),
];

export const FEATURES = [
  { key: 'tokens', name: 'Tokens', meterSlugs: ['input_tokens', 'output_tokens'] },
  { key: 'requests', name: 'Requests', meterSlugs: ['requests'] },
];

const USD = 1_000_000_000n;
const usd = (dollars: number) => (BigInt(dollars) * USD).toString();

const BY_MODEL = {
  input: { 'toll-small': '0.15', 'toll-large': '2.50', 'gpt-4o-mini': '0.15', 'gpt-4o': '2.50' },
  output: { 'toll-small': '0.60', 'toll-large': '10.00', 'gpt-4o-mini': '0.60', 'gpt-4o': '10.00' },
};

function tokenPrices(input: string, output: string) {
  const card = (side: 'input' | 'output', otherUsd: string) => ({
    key: `${side}_tokens`,
    name: side === 'input' ? 'Input tokens' : 'Output tokens',
    price: {
      kind: 'per-model-token' as const,
      meter: `${side}_tokens`,
      usdPerMillionByModel: BY_MODEL[side],
      defaultUsdPerMillion: otherUsd,
    },
  });
  return [card('input', input), card('output', output)];
}

function monthlyFee(dollars: number) {
  const price = { kind: 'flat' as const, amountNanoUsd: usd(dollars), paymentTerm: 'in-advance' as const };
  return { key: 'monthly_fee', name: 'Monthly fee', price };
}

const monthlyTokens = (limit: number) => [{ featureKey: 'tokens', limit: String(limit), period: 'month' as const }];
const monthlyCap = (dollars: number) => ({ limitNanoUsd: usd(dollars), period: 'month' as const });

export interface DemoPlan {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly customer: string | null;
  readonly terms: Parameters<typeof createPlan>[2]['terms'];
}

/** What customers may subscribe to. `customer` makes a plan private to that one. */
export const PLANS: readonly DemoPlan[] = [
  {
    key: 'free',
    name: 'Free',
    description: 'To try things out.',
    customer: null,
    terms: {
      rateLimit: { limit: 10, windowSeconds: 60 },
      quotas: monthlyTokens(10_000),
      rateCards: [],
      defaultKeyBudget: monthlyCap(1),
      outputTokensMax: 1_024,
    },
  },
  {
    key: 'pro',
    name: 'Pro',
    description: 'For agents at work.',
    customer: null,
    terms: {
      rateLimit: { limit: 100, windowSeconds: 60 },
      quotas: monthlyTokens(1_000_000),
      rateCards: [monthlyFee(29), ...tokenPrices('1.00', '4.00')],
      defaultKeyBudget: monthlyCap(50),
      outputTokensMax: 4_096,
    },
  },
  {
    key: 'enterprise',
    name: 'Enterprise',
    description: 'As agreed with Initech.',
    customer: 'Initech',
    terms: {
      rateLimit: { limit: 6_000, windowSeconds: 60 },
      quotas: monthlyTokens(500_000_000),
      rateCards: [monthlyFee(499), ...tokenPrices('0.90', '3.60')],
      defaultKeyBudget: monthlyCap(200),
      outputTokensMax: 8_192,
    },
  },
  {
    key: 'load',
    name: 'Load',
    description: 'Token prices without a fee, and room for many calls.',
    customer: 'Globex',
    terms: {
      rateLimit: { limit: 6_000_000, windowSeconds: 60 },
      quotas: monthlyTokens(1_000_000_000_000),
      rateCards: tokenPrices('0.80', '3.20'),
      defaultKeyBudget: monthlyCap(100_000),
      outputTokensMax: 4_096,
    },
  },
];

/** Before any call of the demo. */
export const COSTS_FROM = '2026-01-01T00:00:00Z';

/** What the provider pays for a million tokens. */
export const MODEL_COSTS = [
  { model: 'toll-small', inputUsdPerMillion: '0.05', cachedInputUsdPerMillion: '0.025', outputUsdPerMillion: '0.2' },
  {
    ...{ model: 'toll-large', inputUsdPerMillion: '0.9', cachedInputUsdPerMillion: '0.45' },
    ...{ outputUsdPerMillion: '3.6', reasoningUsdPerMillion: '4' },
  },
] as const;
