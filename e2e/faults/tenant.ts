import {
  createAgent,
  createApi,
  createCustomer,
  createExtractor,
  createKey,
  createMeter,
  createPlan,
  createProvider,
  listRoutes,
  publishPlan,
  type ServiceContext,
  SYSTEM,
  setBudget,
  subscribe,
  updateRoute,
} from '@tollwright/services';
import type { UpstreamCall } from '@tollwright/testing';

/** Prices without fractions: a nano-dollar figure is then a product of whole numbers, which a test can work out by itself. */
const NANO_USD_PER_TOKEN = { input: 1_000n, output: 2_000n } as const;
export const CALL_NANO_USD = 10_000_000n;
export const AMPLE_NANO_USD = 1_000_000_000_000n;

/** What a call costs that is drawn from credit: what tops a balance up pays for one of them. */
export const DRAWN_CALL_NANO_USD = 5_000_000_000n;

/** By tokens on the chat route, or a fixed price a call on any route: owed later, or drawn from credit that was paid before. */
export type PlanKey = 'tokens' | 'calls' | 'prepaid';

/** The provider that sells the sample upstream. */
export interface Tenant {
  readonly providerId: string;
  readonly apiId: string;
  readonly planIds: Readonly<Record<PlanKey, string>>;
}

/** A customer with one agent and one key, and the one limit that matters: its own budget. */
export interface Account {
  readonly customerId: string;
  readonly agentId: string;
  readonly keyId: string;
  readonly key: string;
  /** The counter of its budget. */
  readonly node: string;
  readonly plan: PlanKey;
  readonly limitNanoUsd: bigint;
}

/** The API path as gateways serve it. */
export const API_PATH = '/acme/llm';

/** Makes the provider by the verbs of the product. `upstreamUrl` is what gateways call, `documentUrl` describes it. */
export async function makeTenant(
  services: ServiceContext,
  upstream: { readonly url: string; readonly token: string },
): Promise<Tenant> {
  const { id: providerId } = await createProvider(services, SYSTEM, { name: 'Acme', slug: 'acme' });
  const api = await createApi(services, SYSTEM, {
    ...{ providerId, slug: 'llm', name: 'LLM', upstreamBaseUrl: upstream.url },
    source: { kind: 'url', url: `${upstream.url}/openapi.json` },
    upstreamCredential: { header: 'Authorization', value: `Bearer ${upstream.token}` },
  });
  const meters = [
    ['requests', 'COUNT', null],
    ['input_tokens', 'SUM', '$.input_tokens'],
    ['output_tokens', 'SUM', '$.output_tokens'],
  ] as const;
  for (const [slug, aggregation, valueProperty] of meters) {
    await createMeter(services, SYSTEM, {
      ...{ providerId, slug, name: slug, eventType: 'request', aggregation, valueProperty },
      groupBy: { model: '$.model', route: '$.route' },
    });
  }
  const extractor = await createExtractor(services, SYSTEM, { providerId, name: 'OpenAI', rule: { kind: 'openai' } });
  const { items } = await listRoutes(services, SYSTEM, { providerId, apiId: api.id });
  const chat = items.find((route) => route.operationId === 'createChatCompletion');
  if (chat === undefined) throw new Error('the sample upstream has no chat route');
  await updateRoute(services, SYSTEM, { providerId, routeId: chat.id, extractorId: extractor.id });
  const plan = async (key: PlanKey, rateCards: readonly object[], more: object = {}) => {
    const terms = {
      ...{ ...more, rateLimit: null, quotas: [], rateCards: rateCards as never, outputTokensMax: 1_000 },
      defaultKeyBudget: { limitNanoUsd: String(AMPLE_NANO_USD), period: 'month' as const },
    };
    const made = await createPlan(services, SYSTEM, { providerId, key, name: key, terms });
    await publishPlan(services, SYSTEM, { providerId, planVersionId: made.versions[0]?.id ?? '' });
    return made.id;
  };
  const planIds = {
    tokens: await plan('tokens', [tokenCard('input'), tokenCard('output')]),
    calls: await plan('calls', [callCard('0.01')]),
    prepaid: await plan('prepaid', [callCard('5')], { prepaid: { packs: [] } }),
  };
  return { providerId, apiId: api.id, planIds };
}

function callCard(usdPerUnit: string): object {
  return { key: 'calls', name: 'Calls', price: { kind: 'per-unit', meter: 'requests', usdPerUnit } };
}

function tokenCard(kind: 'input' | 'output'): object {
  const usdPerMillion = String(NANO_USD_PER_TOKEN[kind] / 1_000n);
  const price = {
    kind: 'per-model-token',
    meter: `${kind}_tokens`,
    usdPerMillionByModel: { 'toll-small': usdPerMillion },
  };
  return { key: kind, name: `${kind} tokens`, price: { ...price, defaultUsdPerMillion: null } };
}

/** Makes a customer whose whole budget is `limitNanoUsd` a month. */
export async function makeAccount(
  services: ServiceContext,
  { providerId, planIds }: Tenant,
  plan: PlanKey,
  limitNanoUsd: bigint,
): Promise<Account> {
  const { id: customerId } = await createCustomer(services, SYSTEM, { providerId, name: `${plan} customer` });
  const target = { providerId, customerId };
  await subscribe(services, SYSTEM, { ...target, planId: planIds[plan] });
  const agent = await createAgent(services, SYSTEM, { ...target, name: 'agent', metadata: {} });
  const node = await limitAccount(services, target, limitNanoUsd);
  const key = await createKey(services, SYSTEM, { ...target, agentId: agent.id, name: 'key' });
  return { customerId, agentId: agent.id, keyId: key.id, key: key.key, node, plan, limitNanoUsd };
}

/** Sets a customer's own budget; answers the name of its counter. */
export async function limitAccount(
  services: ServiceContext,
  target: { readonly providerId: string; readonly customerId: string },
  limitNanoUsd: bigint,
  period: 'month' | 'total' = 'month',
): Promise<string> {
  const budget = await setBudget(services, SYSTEM, {
    ...{ providerId: target.providerId, customerId: target.customerId },
    ...{ subject: 'customer', subjectId: target.customerId, limitNanoUsd: String(limitNanoUsd), period },
  });
  return `budget:${budget.id}`;
}

/** What a call costs by the published price, from what the upstream itself wrote down. An answer that is no success is free. */
export function priceOf(
  plan: PlanKey,
  { status, inputTokens, outputTokens }: Pick<UpstreamCall, 'status' | 'inputTokens' | 'outputTokens'>,
): bigint {
  if (status === null || status >= 400) return 0n;
  if (plan === 'calls') return CALL_NANO_USD;
  if (plan === 'prepaid') return DRAWN_CALL_NANO_USD;
  return BigInt(inputTokens) * NANO_USD_PER_TOKEN.input + BigInt(outputTokens) * NANO_USD_PER_TOKEN.output;
}
