import 'server-only';
import type { Caller } from '../../server/caller.ts';
import type { UsageTop } from '../outputs.ts';

const GROUPS_MAX = 200;

/** What each of these agents was charged since `from`, in nano-dollars; of all others nothing is said. */
export async function agentSpend(
  api: Caller,
  agentIds: readonly string[],
  from: string,
): Promise<ReadonlyMap<string, string>> {
  const { groups } = await api.usage.top({ groupBy: 'agent', from, limit: GROUPS_MAX });
  const found = new Map(groups.map(({ key, chargedNanoUsd }) => [key, chargedNanoUsd]));
  const listed = groups.length < GROUPS_MAX ? [] : agentIds.filter((id) => !found.has(id));
  // Only where more agents called than one answer names.
  for (const agentId of listed) found.set(agentId, (await spendOf(api, agentId, from)).chargedNanoUsd);
  return new Map(agentIds.map((id) => [id, found.get(id) ?? '0']));
}

async function spendOf(api: Caller, agentId: string, from: string): Promise<UsageTop['total']> {
  return (await api.usage.top({ groupBy: 'agent', agentId, from, limit: 1 })).total;
}
