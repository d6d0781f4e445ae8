import { bearer, chat } from '../agent-calls.ts';
import { eventually } from '../eventually.ts';
import { done, type Management } from '../management.ts';

const ARRIVED_MS_MAX = 10_000;

/** A call of the customer that a budget refused, made if there is none, and one that was served. */
export async function explainedCalls(management: Management, customerId: string) {
  const refused = () => traceOf(management, { customerId, problem: 'budget-exhausted' });
  const served = () => traceOf(management, { customerId, decision: 'allowed' });
  if ((await refused()) === null) await callWithoutMoney(management, customerId);
  return {
    refused: await eventually('a refused call is explained', ARRIVED_MS_MAX, refused),
    served: await eventually('a served call is explained', ARRIVED_MS_MAX, served),
  };
}

async function traceOf(
  management: Management,
  query: { readonly customerId: string; readonly problem?: string; readonly decision?: 'allowed' },
): Promise<string | null> {
  const { items } = await done(management.GET('/traces', { params: { query: { ...query, limit: 1 } } }));
  return items[0]?.id ?? null;
}

/** A call by a key whose budget is one nano-dollar. */
async function callWithoutMoney(management: Management, customerId: string): Promise<void> {
  const { items } = await done(management.GET('/agents', { params: { query: { customerId, limit: 200 } } }));
  const agent = items.find(({ name }) => name === 'support-desk');
  if (agent === undefined) throw new Error('the demo has no support-desk');
  const budget = { limitNanoUsd: '1', period: 'month' as const };
  const { key } = await done(
    management.POST('/keys', { body: { customerId, agentId: agent.id, name: 'out of money', budget } }),
  );
  const { status } = await chat(bearer(key), { max_tokens: 40 });
  if (status !== 429) throw new Error(`a call without money was answered ${status}`);
}
