import 'server-only';
import type { Caller } from '../../server/caller.ts';
import { param, type SearchParams } from '../../usage/address.ts';
import type { Agent, AgentKey } from '../outputs.ts';

const MONTH_MS = 30 * 86_400_000;

/** What the first tab shows: the plan, budgets with the names of what they cap, and which limits were reached. */
export async function planData(api: Caller, customerId: string) {
  const [plans, budgets, notices, agents, keys, projects, credits, grants, topUps] = await Promise.all([
    api.plan.list({ limit: 200 }),
    api.budget.list({ customerId, limit: 50 }),
    api.notice.list({ customerId, limit: 20 }),
    api.agent.list({ customerId, limit: 200 }),
    api.key.list({ customerId, limit: 200 }),
    api.project.list({ customerId, limit: 200 }),
    api.credit.balances({ customerId }),
    api.credit.list({ customerId, limit: 20 }),
    api.topUp.get({ customerId }),
  ]);
  const agentNames = new Map(agents.items.map(({ id, name }) => [id, name]));
  const namedKeys = keys.items.map(({ id, name, agentId }) => ({ id, name: keyName(agentNames.get(agentId), name) }));
  const named = [...agents.items, ...namedKeys, ...projects.items];
  return {
    plans: plans.items,
    budgets: budgets.items,
    notices: notices.items,
    credits,
    grants: grants.items,
    topUps,
    names: new Map(named.map(({ id, name }) => [id, name])),
  };
}

/** Keys of many agents have the same name. */
function keyName(agentName: string | undefined, name: string): string {
  return agentName === undefined ? name : `${agentName}, ${name}`;
}

/** What the second tab shows: agents with their usage, and keys. */
export async function agentsData(api: Caller, customerId: string, search: SearchParams) {
  const cursor = param(search, 'cursor');
  const keyCursor = param(search, 'keys');
  const from = new Date(Date.now() - MONTH_MS).toISOString();
  const [agents, keys, usage] = await Promise.all([
    api.agent.list({ customerId, ...(cursor ? { cursor } : {}) }),
    api.key.list({ customerId, ...(keyCursor ? { cursor: keyCursor } : {}) }),
    api.usage.top({ customerId, groupBy: 'agent', limit: 200, from }),
  ]);
  return { agents, keys, usage, agentNames: await agentNames(api, customerId, agents.items, keys.items) };
}

/** Names of the agents that keys belong to; those that are not on the page of agents are read one by one. */
async function agentNames(
  api: Caller,
  customerId: string,
  agents: readonly Pick<Agent, 'id' | 'name'>[],
  keys: readonly AgentKey[],
): Promise<ReadonlyMap<string, string>> {
  const known = new Map(agents.map(({ id, name }) => [id, name]));
  const missing = [...new Set(keys.map(({ agentId }) => agentId))].filter((id) => !known.has(id));
  const found = await Promise.all(missing.map((agentId) => api.agent.get({ customerId, agentId })));
  return new Map([...known, ...found.map(({ id, name }) => [id, name] as const)]);
}
