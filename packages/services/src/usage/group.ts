import { type Sql, sql, type Tx } from '@tollwright/db';
import { z } from 'zod';

export const USAGE_GROUPS = ['agent', 'project', 'model', 'route', 'key', 'api', 'customer', 'rail'] as const;
export const usageGroup = z.enum(USAGE_GROUPS);
export type UsageGroup = z.output<typeof usageGroup>;

/** What a group is called by, from usage_rollup aliased `r`; an empty text where a call has none. */
export const GROUP_COLUMN: Readonly<Record<UsageGroup, Sql>> = {
  agent: sql`r.agent_id`,
  project: sql`coalesce((SELECT a.project_id FROM agent a WHERE a.id = r.agent_id), '')`,
  model: sql`r.model`,
  route: sql`r.route_id`,
  key: sql`r.key_id`,
  api: sql`r.api_id`,
  customer: sql`r.customer_id`,
  rail: sql`r.rail`,
};

const NONE: Readonly<Record<UsageGroup, string>> = {
  agent: 'No agent',
  project: 'No project',
  model: 'No model',
  route: 'No route',
  key: 'No key',
  api: 'No API',
  customer: 'Pay per call',
  rail: 'None',
};
const RAILS: Readonly<Record<string, string>> = {
  plan: 'Plan',
  x402: 'x402',
  evm: 'MPP evm',
  stripe: 'MPP stripe',
  tempo: 'MPP tempo',
  none: 'Access by sign-in',
};

/** The names that people know the groups by. */
export async function groupLabels(
  tx: Tx,
  group: UsageGroup,
  keys: readonly string[],
): Promise<(key: string) => string> {
  const ids = keys.filter((key) => key !== '');
  const names = await namesOf(tx, group, ids);
  return (key) => (key === '' ? NONE[group] : (names.get(key) ?? key));
}

async function namesOf(tx: Tx, group: UsageGroup, ids: string[]): Promise<Map<string, string>> {
  const where = { id: { in: ids } };
  const select = { id: true, name: true } as const;
  switch (group) {
    case 'agent':
      return byId(await tx.agent.findMany({ where, select }));
    case 'project':
      return byId(await tx.project.findMany({ where, select }));
    case 'key':
      return byId(await tx.apiKey.findMany({ where, select }));
    case 'api':
      return byId(await tx.api.findMany({ where, select }));
    case 'customer':
      return byId(await tx.customer.findMany({ where, select }));
    case 'route': {
      const rows = await tx.route.findMany({ where, select: { id: true, method: true, pathTemplate: true } });
      return byId(rows.map((row) => ({ id: row.id, name: `${row.method} ${row.pathTemplate}` })));
    }
    case 'rail':
      return new Map(ids.map((id) => [id, RAILS[id] ?? id]));
    case 'model':
      return new Map();
  }
}

function byId(rows: readonly { id: string; name: string }[]): Map<string, string> {
  return new Map(rows.map((row) => [row.id, row.name]));
}
