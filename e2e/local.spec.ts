import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { chainIdAt } from '@tollwright/testing';
import { bearer } from './agent-calls.ts';
import { query } from './database.ts';
import { readLocal } from './local.ts';
import { done, openManagement } from './management.ts';
import { fromBase64, type PaymentRequired } from './payer.ts';
import { upstreamStats } from './upstream.ts';

const CALLS_A_MINUTE_MIN = 1_000;
const SEEN_MS_MAX = 30_000;
const home = process.env.TOLLWRIGHT_HOME ?? '';

test('every address of local.json answers, and every process runs', async () => {
  const local = readLocal();
  const { portalUrl, gatewayUrls, facilitatorUrl, upstreamUrl, chain, chains, tempo, managementUrl } = local;
  const nodes = [...chains, tempo].map(({ rpcUrl }) => rpcUrl);
  for (const url of [portalUrl, ...gatewayUrls, facilitatorUrl, upstreamUrl, ...nodes]) {
    expect((await fetch(url)).status, url).toBeLessThan(500);
  }
  expect(chains[0]).toEqual(chain);
  for (const node of [...chains, tempo]) expect(await chainIdAt(node.rpcUrl)).toBe(node.chainId);
  expect((await fetch(`${managementUrl}/openapi.json`)).status).toBe(200);
  expect((await done(openManagement().GET('/provider'))).slug).toBe('acme');
  expect(gatewayUrls).toHaveLength(2);
  expect(existsSync(local.mailDir)).toBe(true);
  const apps = ['worker', 'gateway-1', 'gateway-2', 'portal'];
  const names = ['upstream', 'chain', 'chain-2', 'tempo', 'facilitator', 'stripe', ...apps, 'postgres'];
  expect(local.processes.map(({ name }) => name).sort()).toEqual([...names].sort());
  // Signal 0 asks whether the process is there.
  for (const { pid } of local.processes) process.kill(pid, 0);
});

test('what is secret in the state folder is readable by its owner only', () => {
  for (const name of ['master.key', 'secrets.json', 'local.json', 'seed.json']) {
    expect(statSync(join(home, name)).mode & 0o777, name).toBe(0o600);
  }
});

test('agentKey is on a private plan with token prices and no limit below 1,000 calls a minute', async () => {
  const { agentKey, api, paidUrl } = readLocal();
  const answer = await fetch(`${api.baseUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...bearer(agentKey), 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'toll-small', messages: [{ role: 'user', content: 'hello' }], max_tokens: 7 }),
  });
  expect(answer.status).toBe(200);
  const requestId = answer.headers.get('x-request-id') ?? '';
  expect((await upstreamStats()).byRequestId[requestId]).toMatchObject({ calls: 1, outputTokens: 7 });
  expect(Number(answer.headers.get('tollwright-cost-usd'))).toBeGreaterThan(0);
  const [plan] = await query<{
    customer_id: string | null;
    terms: { rateLimit: { limit: number; windowSeconds: number } };
  }>(
    `SELECT p.customer_id, v.terms FROM api_key k JOIN subscription s USING (customer_id)
     JOIN plan_version v ON v.id = s.plan_version_id JOIN plan p ON p.id = v.plan_id
     WHERE k.hash = encode(sha256(convert_to($1, 'UTF8')), 'hex') AND s.status = 'active'`,
    [agentKey],
  );
  expect(plan?.customer_id).toMatch(/^cus_/);
  const { limit, windowSeconds } = plan?.terms.rateLimit ?? { limit: 0, windowSeconds: 1 };
  expect((limit * 60) / windowSeconds).toBeGreaterThanOrEqual(CALLS_A_MINUTE_MIN);
  const unpaid = await fetch(paidUrl);
  expect(unpaid.status).toBe(402);
  expect(fromBase64<PaymentRequired>(unpaid.headers.get('payment-required')).accepts[0]?.amount).toBe('500000');
});

test('the demo has an owner with three agents, one with 300 in projects, and a week of usage and payments', async () => {
  const owners = await query<{ agents: string; in_projects: string }>(
    `SELECT count(*) AS agents, count(a.project_id) AS in_projects FROM agent a JOIN provider p ON p.id = a.provider_id
     WHERE p.slug = 'acme' AND a.archived_at IS NULL GROUP BY a.customer_id`,
  );
  expect(owners.map(({ agents }) => Number(agents))).toContain(3);
  expect(owners.some((owner) => Number(owner.agents) === 300 && Number(owner.in_projects) === 300)).toBe(true);
  const [week] = await query<{ days: string; payments: string }>(
    `SELECT count(DISTINCT date_trunc('day', e.occurred_at)) AS days,
       (SELECT count(*) FROM payment WHERE state = 'settled' AND transaction_hash IS NOT NULL) AS payments
     FROM usage_event e JOIN provider p ON p.id = e.provider_id WHERE p.slug = 'acme'`,
  );
  expect(Number(week?.days)).toBeGreaterThanOrEqual(7);
  expect(Number(week?.payments)).toBeGreaterThan(0);
});

test('roll-ups, ledger and counters say what the raw events say: all of it came in as live traffic does', async () => {
  const money = "sum((e.body ->> 'chargedNanoUsd')::numeric)";
  const [figures] = await query<Record<string, string>>(
    `SELECT (SELECT count(*) FROM usage_event) AS events, (SELECT sum(calls) FROM usage_rollup) AS rolled,
       (SELECT ${money} FROM usage_event e) AS charged, (SELECT sum(charged_nano_usd) FROM usage_rollup) AS rolled_charged,
       (SELECT ${money} FROM usage_event e WHERE e.rail = 'plan') AS plan_charged,
       (SELECT coalesce(-sum(l.amount_nano_usd), 0) FROM ledger_posting l JOIN ledger_transfer t ON t.id = l.transfer_id
         JOIN ledger_account a ON a.id = l.account_id WHERE t.kind = 'usage' AND a.kind = 'revenue') AS posted`,
  );
  expect(Number(figures?.events)).toBeGreaterThan(1_000);
  expect(figures?.rolled).toBe(figures?.events);
  expect(figures?.rolled_charged).toBe(figures?.charged);
  expect(figures?.posted).toBe(figures?.plan_charged);
  // A call is counted when it settles, and its event follows within seconds.
  await expect(async () => {
    const counters = await budgetCounters();
    expect(counters.length).toBeGreaterThan(30);
    for (const { node, spent, summed } of counters) expect([node, spent]).toEqual([node, summed]);
  }).toPass({ timeout: SEEN_MS_MAX });
});

/** Each budget's counter of a period beside what its events say. */
function budgetCounters() {
  return query<{ node: string; spent: string; summed: string }>(
    `SELECT c.node, c.spent::text AS spent, sum((charge ->> 'amount')::numeric)::text AS summed
     FROM usage_event e CROSS JOIN LATERAL jsonb_array_elements(e.body -> 'charges') charge
     JOIN state.counter c ON c.node = charge ->> 'node' AND c.period_id = charge ->> 'periodId'
     WHERE c.node LIKE 'budget:%' GROUP BY c.tag, c.node, c.period_id, c.spent`,
  );
}
