import { randomBytes } from 'node:crypto';
import type { paths } from './generated/management.d.ts';
import { done, type Management } from './management.ts';

export type Terms = paths['/plans']['post']['requestBody'] extends infer Body
  ? NonNullable<Body> extends { content: { 'application/json': { terms: infer Value } } }
    ? Value
    : never
  : never;
type RateCard = Terms['rateCards'][number];

/** A customer with one agent and one key on a plan. */
export interface Subscriber extends PublishedPlan {
  readonly customerId: string;
  readonly agentId: string;
  readonly keyId: string;
  readonly key: string;
}

export const USD = 1_000_000_000n;

/** A short name that no earlier run has taken. */
export function freshName(stem: string): string {
  return `${stem}-${randomBytes(4).toString('hex')}`;
}

/** A price per call. */
export function perCall(usdPerUnit: string): RateCard {
  return { key: 'calls', name: 'Calls', price: { kind: 'per-unit', meter: 'requests', usdPerUnit } };
}

/** Dollars per million tokens, whatever the model. */
export function perMillionTokens(side: 'input' | 'output', usd: string): RateCard {
  const meter = `${side}_tokens`;
  const price = { kind: 'per-model-token' as const, meter, usdPerMillionByModel: {}, defaultUsdPerMillion: usd };
  return { key: meter, name: side === 'input' ? 'Input tokens' : 'Output tokens', price };
}

/** Terms that limit nothing but what is given. */
export function termsOf(given: Partial<Terms> = {}): Terms {
  return {
    rateLimit: null,
    quotas: [],
    rateCards: [perMillionTokens('input', '1'), perMillionTokens('output', '2')],
    defaultKeyBudget: { limitNanoUsd: (1_000n * USD).toString(), period: 'month' },
    outputTokensMax: 1_000,
    ...given,
  };
}

/** A published version of a plan. */
export interface PublishedPlan {
  readonly planKey: string;
  readonly planVersionId: string;
}

/** Publishes a plan: for everybody, or for one customer alone. */
export async function makePlan(
  management: Management,
  given: { readonly terms?: Partial<Terms> | undefined; readonly customerId?: string } = {},
): Promise<PublishedPlan> {
  const name = freshName('story');
  const { customerId } = given;
  const body = { key: name, name, terms: termsOf(given.terms), ...(customerId === undefined ? {} : { customerId }) };
  const plan = await done(management.POST('/plans', { body }));
  const planVersionId = plan.versions[0]?.id ?? '';
  await done(management.POST('/plan-versions/{planVersionId}/publish', { params: { path: { planVersionId } } }));
  return { planKey: name, planVersionId };
}

/**
 * Brings a customer in who may call at once: on a plan that is there, else on one of its own with these terms.
 * `agentBudgetNanoUsd` is the agent's budget of the month.
 */
export async function makeSubscriber(
  management: Management,
  given: {
    readonly terms?: Partial<Terms>;
    readonly plan?: PublishedPlan;
    readonly agentBudgetNanoUsd?: bigint;
  } = {},
): Promise<Subscriber> {
  const { id: customerId } = await done(management.POST('/customers', { body: { name: freshName('story') } }));
  const { terms } = given;
  const plan = given.plan ?? (await makePlan(management, { terms, customerId }));
  const { planVersionId } = plan;
  await done(management.POST('/subscriptions', { body: { customerId, planVersionId } }));
  const agent = await done(management.POST('/agents', { body: { customerId, name: 'agent' } }));
  const agentId = agent.id;
  if (given.agentBudgetNanoUsd !== undefined) {
    const limitNanoUsd = given.agentBudgetNanoUsd.toString();
    const budget = {
      customerId,
      subject: 'agent' as const,
      subjectId: agentId,
      limitNanoUsd,
      period: 'month' as const,
    };
    await done(management.PUT('/budgets', { body: budget }));
  }
  const made = await done(management.POST('/keys', { body: { customerId, agentId, name: 'key' } }));
  return { customerId, ...plan, agentId, keyId: made.id, key: made.key };
}

/** The agent's budget with its counter. */
export async function agentBudget(management: Management, { customerId, agentId }: Subscriber) {
  const { items } = await done(management.GET('/budgets', { params: { query: { customerId } } }));
  const found = items.find((budget) => budget.subjectId === agentId);
  if (found?.now == null) throw new Error('the agent has no budget, or its counter cannot be read');
  const { spentNanoUsd, heldNanoUsd } = found.now;
  return { limit: BigInt(found.limitNanoUsd), spent: BigInt(spentNanoUsd), held: BigInt(heldNanoUsd) };
}
