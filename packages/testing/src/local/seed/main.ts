import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKey, createToken } from '@tollwright/services';
import type { SeedResult } from '../seed-result.ts';
import type { Caller } from './agents.ts';
import { type Acme, DEMO_AGE_MS, openSeed, type SeedContext } from './context.ts';
import { chargeCounters } from './counters.ts';
import { equipCustomers, makeCustomers } from './customers.ts';
import { AGENT_OWNER, API, PAID_PATH, PROVIDER, PROVIDER_OWNER, UPTO_PATH, UPTO_PLAN } from './demo.ts';
import { LOAD_AGENT } from './demo-customers.ts';
import { seedEnv } from './env.ts';
import { weekOfCalls } from './history.ts';
import { callRefused, callWithKey, payAsStranger, untilServed } from './live.ts';
import { makePlans } from './plans.ts';
import { type DemoApi, makeApi, makeProvider, sellByUse } from './provider.ts';

const SPOOL_ID = 'spl_demohistory';
const APPEND_ITEMS_MAX = 500;
const INGEST_TIMEOUT_MS = 60_000;

const startedAt = performance.now();
const say = (line: string) =>
  process.stdout.write(`${((performance.now() - startedAt) / 1000).toFixed(1)} s  ${line}\n`);
const { ctx, close } = openSeed(seedEnv(), say);
try {
  await seed(ctx);
} finally {
  await close();
}

/** Each step finds what an interrupted run has made already. */
async function seed(ctx: SeedContext): Promise<void> {
  const acme = await makeProvider(ctx);
  const api = await makeApi(ctx, acme);
  ctx.say('provider and API');
  const standings = await makeCustomers(ctx, acme);
  const ids = new Map([...standings].map(([name, { customerId }]) => [name, customerId]));
  const plans = await makePlans(ctx, acme, ids);
  const priceList = plans.get(UPTO_PLAN);
  if (priceList === undefined) throw new Error(`the demo has no plan ${UPTO_PLAN}`);
  await sellByUse(ctx, acme, api, priceList);
  const callers = await equipCustomers(ctx, acme, standings, plans);
  ctx.say('plans, customers and agents');
  await writeHistory(ctx, acme, api, callers);
  ctx.say('a week of usage');
  const agentKey = await loadKey(ctx, callers);
  await untilServed(ctx.env, agentKey);
  const paid = await payAsStranger(ctx.env);
  await callWithKey(ctx.env, agentKey);
  await callRefused(ctx.env, agentKey);
  ctx.say(`${paid} payments on the local chain, and calls through both gateways`);
  await untilIngested(ctx);
  const { token } = await createToken(ctx.services, acme.actor, {
    providerId: acme.providerId,
    name: 'local.json',
    scopes: ['read', 'write'],
  });
  const result: SeedResult = {
    provider: { email: PROVIDER_OWNER.email, password: PROVIDER_OWNER.password },
    owner: { email: AGENT_OWNER.email, password: AGENT_OWNER.password },
    managementToken: token,
    api: { slug: API.slug, path: `/${PROVIDER.slug}/${API.slug}` },
    agentKey,
    paidPath: `/${PROVIDER.slug}/${API.slug}${PAID_PATH}`,
    uptoPath: `/${PROVIDER.slug}/${API.slug}${UPTO_PATH}`,
    upstreamUrl: ctx.env.upstreamUrl,
  };
  writeFileSync(ctx.env.resultFile, `${JSON.stringify(result, null, 2)}\n`, { mode: 0o600 });
  ctx.say('done');
}

/** History enters as live traffic does: holds and settlements at the counters, events through the inbox to the worker. */
async function writeHistory(ctx: SeedContext, acme: Acme, api: DemoApi, callers: readonly Caller[]): Promise<void> {
  const { gateway } = ctx;
  const spools = await gateway.spools.list();
  if (spools.some((spool) => spool.spoolId === SPOOL_ID && spool.closedAtMs !== null)) return;
  const routeIds = new Map([...api.routes].map(([operationId, route]) => [operationId, route.id]));
  const endsAtMs = acme.createdAtMs + DEMO_AGE_MS - 60_000;
  const events = weekOfCalls({ callers, apiId: api.apiId, routeIds, endsAtMs, spoolId: SPOOL_ID });
  await gateway.spools.register({ spoolId: SPOOL_ID, bootId: 'demo', host: 'demo', url: 'demo:history' });
  await chargeCounters(ctx, SPOOL_ID, callers, events);
  for (let from = 0; from < events.length; from += APPEND_ITEMS_MAX) {
    const part = events.slice(from, from + APPEND_ITEMS_MAX);
    const items = part.map((event, index) => ({ sequence: from + index + 1, item: { kind: 'usage' as const, event } }));
    await gateway.inbox.append(SPOOL_ID, items);
  }
}

/** The worker is a process of its own: the spool is closed once it has taken everything. */
async function untilIngested({ gateway }: SeedContext): Promise<void> {
  const deadline = Date.now() + INGEST_TIMEOUT_MS;
  while ((await gateway.inbox.pending()).includes(SPOOL_ID)) {
    if (Date.now() > deadline) throw new Error('the worker did not take the demo history in');
    await sleep(100);
  }
  await gateway.spools.close(SPOOL_ID);
}

/** A key is shown once, so local.json gets one of its own. */
async function loadKey(ctx: SeedContext, callers: readonly Caller[]): Promise<string> {
  const caller = callers.find(({ agent }) => agent.name === LOAD_AGENT);
  if (caller === undefined) throw new Error(`${LOAD_AGENT} was not made`);
  const { providerId, customerId, agentId } = caller;
  const made = await createKey(
    ctx.services,
    { kind: 'system' },
    { providerId, customerId, agentId, name: 'local.json' },
  );
  return made.key;
}
