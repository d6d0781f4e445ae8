import { randomBytes } from 'node:crypto';
import { REQUEST_EVENT_TYPE } from '@tollwright/contracts';
import { type IdKind, makeId } from '@tollwright/core';
import pg from 'pg';

/** The ids of a small tenant: one customer with two agents and a key each, one API with two routes. */
export interface TenantIds {
  readonly providerId: string;
  readonly customerId: string;
  readonly agentIds: readonly [string, string];
  readonly keyIds: readonly [string, string];
  readonly apiId: string;
  /** A chat route, a GET route. */
  readonly routeIds: readonly [string, string];
}

type Row = Readonly<Record<string, unknown>>;

/** Writes a tenant straight into the tables, as the superuser, with the meters requests, input_tokens and output_tokens. */
export async function insertTenant(superuserUrl: string, slug: string): Promise<TenantIds> {
  const ids: TenantIds = {
    providerId: newId('provider'),
    customerId: newId('customer'),
    agentIds: [newId('agent'), newId('agent')],
    keyIds: [newId('key'), newId('key')],
    apiId: newId('api'),
    routeIds: [newId('route'), newId('route')],
  };
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    for (const [table, row] of rowsOf(ids, slug)) await insert(client, table, row);
  } finally {
    await client.end();
  }
  return ids;
}

function rowsOf(ids: TenantIds, slug: string): (readonly [table: string, row: Row])[] {
  const provider_id = ids.providerId;
  const owned = { provider_id, customer_id: ids.customerId };
  const groupBy = { model: '$.model', route: '$.route' };
  const meter = (name: string, aggregation: string, value_property: string | null): [string, Row] => [
    'meter',
    {
      id: newId('meter'),
      provider_id,
      slug: name,
      name,
      event_type: REQUEST_EVENT_TYPE,
      aggregation,
      value_property,
      group_by: groupBy,
    },
  ];
  return [
    ['provider', { id: provider_id, slug, name: slug }],
    ['customer', { id: ids.customerId, provider_id, name: `${slug} customer` }],
    [
      'api',
      { id: ids.apiId, provider_id, slug: 'llm', name: 'LLM', document: {}, upstream_base_url: 'http://up.test' },
    ],
    ...ids.routeIds.map((id, index): [string, Row] => [
      'route',
      {
        id,
        provider_id,
        api_id: ids.apiId,
        operation_id: `op${index}`,
        method: index === 0 ? 'POST' : 'GET',
        path_template: `/r${index}`,
      },
    ]),
    ...ids.agentIds.map((id, index): [string, Row] => ['agent', { id, ...owned, name: `agent-${index}` }]),
    ...ids.keyIds.map((id, index): [string, Row] => [
      'api_key',
      { id, ...owned, agent_id: ids.agentIds[index], hash: id, name: `key ${index}`, start: 'tw_live_', last4: 'abcd' },
    ]),
    meter('requests', 'COUNT', null),
    meter('input_tokens', 'SUM', '$.input_tokens'),
    meter('output_tokens', 'SUM', '$.output_tokens'),
  ];
}

async function insert(client: pg.Client, table: string, row: Row): Promise<void> {
  const columns = Object.keys(row);
  const values = Object.values(row).map((value) =>
    typeof value === 'object' && value ? JSON.stringify(value) : value,
  );
  const places = columns.map((_, index) => `$${index + 1}`);
  await client.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`, values);
}

function newId(kind: IdKind): string {
  return makeId(kind, Date.now(), randomBytes(10));
}
