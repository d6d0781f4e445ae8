import {
  type Actor,
  createAgent,
  createKey,
  createProject,
  listAgents,
  listBudgets,
  listKeys,
  listProjects,
  setBudget,
} from '@tollwright/services';
import type { SeedContext } from './context.ts';
import type { DemoAgent, DemoCustomer } from './demo-customers.ts';
import { allOf, sideBySide } from './lists.ts';
import type { PublishedPlan } from './plans.ts';

/** A limit that a caller's calls are charged against. */
export interface ChargedNode {
  readonly node: string;
  readonly limit: bigint;
  readonly counts: 'money' | 'tokens';
}

/** An agent with a key, ready to call. */
export interface Caller {
  readonly providerId: string;
  readonly customerId: string;
  readonly customer: DemoCustomer;
  readonly agent: DemoAgent;
  readonly agentId: string;
  readonly projectId: string | null;
  readonly keyId: string;
  readonly plan: PublishedPlan;
  /** From the owner down to the key, then the plan's quota. All by the month. */
  readonly nodes: readonly ChargedNode[];
}

interface Owner {
  readonly providerId: string;
  readonly customerId: string;
  readonly actor: Actor;
  readonly customer: DemoCustomer;
  readonly plan: PublishedPlan;
}

const KEY_NAME = 'default';

/** A customer's projects, agents, their budgets, and a key for each agent that calls. */
export async function makeAgents(ctx: SeedContext, owner: Owner): Promise<readonly Caller[]> {
  const { services } = ctx;
  const { providerId, customerId, actor, customer } = owner;
  const target = { providerId, customerId };
  const projects = await makeProjects(ctx, owner);
  const known = await allOf((page) => listAgents(services, actor, { ...target, limit: 200, ...page }));
  const agents = await sideBySide(customer.agents, async (agent) => {
    const projectId = agent.project === null ? null : (projects.get(agent.project) ?? null);
    const { name, framework, budgetNanoUsd } = agent;
    const made =
      known.find((one) => one.name === name) ??
      (await createAgent(services, actor, { ...target, name, framework, projectId, metadata: { demo: true } }));
    if (budgetNanoUsd !== null) {
      const subject = { subject: 'agent' as const, subjectId: made.id };
      await setBudget(services, actor, { ...target, ...subject, limitNanoUsd: budgetNanoUsd, period: 'month' });
    }
    return { agent, agentId: made.id, projectId };
  });
  const keyIds = await makeKeys(ctx, owner, agents);
  const nodesOf = await chargedNodes(ctx, owner);
  return agents.flatMap(({ agent, agentId, projectId }) => {
    const keyId = keyIds.get(agentId);
    if (keyId === undefined) return [];
    return [{ ...owner, agent, agentId, projectId, keyId, nodes: nodesOf([projectId, agentId, keyId]) }];
  });
}

async function makeProjects({ services }: SeedContext, { providerId, customerId, actor, customer }: Owner) {
  const target = { providerId, customerId };
  const known = await allOf((page) => listProjects(services, actor, { ...target, ...page }));
  const ids = new Map<string, string>();
  for (const name of customer.projects) {
    const project = known.find((one) => one.name === name);
    ids.set(name, (project ?? (await createProject(services, actor, { ...target, name }))).id);
  }
  return ids;
}

/** Key ids by agent. One after the other: each key raises its customer's version. */
async function makeKeys(
  { services }: SeedContext,
  { providerId, customerId, actor }: Owner,
  agents: readonly { readonly agent: DemoAgent; readonly agentId: string }[],
): Promise<ReadonlyMap<string, string>> {
  const target = { providerId, customerId };
  const known = await allOf((page) => listKeys(services, actor, { ...target, limit: 200, ...page }));
  const ids = new Map(known.filter((key) => key.name === KEY_NAME).map((key) => [key.agentId, key.id]));
  for (const { agent, agentId } of agents) {
    if (agent.weight === 0 || ids.has(agentId)) continue;
    ids.set(agentId, (await createKey(services, actor, { ...target, agentId, name: KEY_NAME })).id);
  }
  return ids;
}

async function chargedNodes({ services }: SeedContext, { providerId, customerId, actor, plan }: Owner) {
  const budgets = await allOf((page) => listBudgets(services, actor, { providerId, customerId, limit: 200, ...page }));
  const bySubject = new Map(budgets.map((budget) => [budget.subjectId, budget]));
  const quotas = plan.terms.quotas.map(
    ({ featureKey, limit }): ChargedNode => ({ node: `quota:${customerId}:${featureKey}`, limit, counts: 'tokens' }),
  );
  return (path: readonly (string | null)[]): readonly ChargedNode[] => [
    ...[customerId, ...path].flatMap((subjectId): ChargedNode[] => {
      const budget = subjectId === null ? undefined : bySubject.get(subjectId);
      if (budget === undefined) return [];
      return [{ node: `budget:${budget.id}`, limit: BigInt(budget.limitNanoUsd), counts: 'money' }];
    }),
    ...quotas,
  ];
}
