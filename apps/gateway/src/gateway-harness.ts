import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ApiSnapshot,
  type ApprovalAsk,
  type CustomerRecord,
  type InboxItem,
  type KeyRecord,
  type PaymentRecord,
  type PaymentTally,
  toJson,
  type UsageEvent,
} from '@tollwright/contracts';
import { sealSecret } from '@tollwright/contracts/sealed-secret';
import { makeKey, nanoUsd, type PlanTerms } from '@tollwright/core';
import { keyHash, openState, type StatePort } from '@tollwright/state';
import { type FreshDatabase, freshDatabase, startUpstream, type Upstream } from '@tollwright/testing';

const UPSTREAM_TOKEN = 'upstream-secret-token';
/** On a busy machine several processes start at once; who waits for one that ended is told at once. */
const READY_MS_MAX = 90_000;

/** A gateway process under test. */
export interface GatewayProcess {
  readonly url: string;
  readonly child: ChildProcess;
  readonly name: string;
  log(): string;
}

/** A real Postgres, the sample upstream, and gateway processes that share a spool volume. */
export interface Stage {
  readonly state: StatePort;
  readonly upstream: Upstream;
  readonly folder: string;
  /** `databaseUrl` other than the stage's own: a store that is away. Then nobody waits for readiness. */
  startGateway(name: string, databaseUrl?: string, settings?: NodeJS.ProcessEnv): Promise<GatewayProcess>;
  /** The sample API as it would be published without changes. */
  readonly sample: ApiSnapshot;
  /** `upstream` is laid over the sample upstream, whose credential stays unless it is changed. */
  publish(change?: SnapshotChange): Promise<ApiSnapshot>;
  /** Makes a customer with one key; answers the key. */
  subscribe(customerId: string, options?: SubscribeOptions): Promise<string>;
  /** Seals a secret for a target of the provider `prv_acme`. */
  seal(target: string, plain: string): string;
  /** Every usage event that gateways have shipped so far. */
  events(): Promise<UsageEvent[]>;
  /** Every payment record that gateways have shipped so far, in order. */
  payments(): Promise<PaymentRecord[]>;
  /** What gateways counted on the way to payments and have shipped so far. */
  tallies(): Promise<PaymentTally[]>;
  /** What agents have asked their owners to approve so far. */
  asks(): Promise<ApprovalAsk[]>;
  close(): Promise<void>;
}

export interface SnapshotChange extends Partial<Omit<ApiSnapshot, 'upstream'>> {
  readonly upstream?: Partial<ApiSnapshot['upstream']>;
}

export interface SubscribeOptions {
  readonly planVersionId?: string;
  readonly version?: number;
  readonly key?: string;
  readonly record?: Partial<KeyRecord>;
  readonly customer?: Partial<CustomerRecord>;
  readonly budgetNanoUsd?: bigint;
}

/** `facilitatorUrl`: strangers may pay, through it. `redisUrl`: the store is there instead of in Postgres. */
export async function openStage(
  options: { readonly facilitatorUrl?: string; readonly redisUrl?: string } = {},
): Promise<Stage> {
  const database = await freshDatabase();
  const upstream = await startUpstream({ port: 0, token: UPSTREAM_TOKEN });
  const folder = mkdtempSync(join(tmpdir(), 'tw-gw-'));
  const secret = randomBytes(32);
  writeFileSync(join(folder, 'master.key'), secret.toString('base64'), { mode: 0o600 });
  const state = openState({ redisUrl: options.redisUrl, databaseUrl: database.urlAs('tollwright_worker') });
  const gateways: GatewayProcess[] = [];
  let version = 0;
  return {
    state,
    upstream,
    folder,
    async startGateway(name, databaseUrl, settings = {}) {
      const gateway = await spawnGateway({ name, folder, database, upstream, databaseUrl, settings, ...options });
      gateways.push(gateway);
      return gateway;
    },
    sample: snapshotOf(upstream, secret, version, 'api_acme'),
    async publish(change = {}) {
      version++;
      const base = snapshotOf(upstream, secret, version, change.apiId ?? 'api_acme');
      const snapshot = { ...base, ...change, upstream: { ...base.upstream, ...change.upstream } };
      await state.directory.putSnapshot(snapshot.apiId, version, toJson(snapshot));
      return snapshot;
    },
    async subscribe(customerId, options = {}) {
      const key = options.key ?? makeKey('tw', true, randomBytes(64));
      await state.directory.putCustomer(
        {
          customerId,
          providerId: 'prv_acme',
          version: options.version ?? 1,
          status: 'active',
          subscriptionId: `sub_${customerId}`,
          planVersionId: options.planVersionId ?? 'plv_pro',
          ...options.customer,
        },
        [{ ...keyRecord(customerId, options), hash: keyHash(key) }],
      );
      return key;
    },
    seal: (target, plain) => sealSecret([{ id: 'k1', secret }], { tenant: 'prv_acme', target }, plain),
    events: async () => (await shippedItems(state)).flatMap((item) => (item.kind === 'usage' ? [item.event] : [])),
    payments: async () =>
      (await shippedItems(state)).flatMap((item) => (item.kind === 'payment' ? [item.payment] : [])),
    tallies: async () => (await shippedItems(state)).flatMap((item) => (item.kind === 'tally' ? [item.tally] : [])),
    asks: async () => (await shippedItems(state)).flatMap((item) => (item.kind === 'approval-ask' ? [item.ask] : [])),
    async close() {
      for (const { child } of gateways) child.kill('SIGKILL');
      await upstream.close();
      await state.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the worker does with an empty Redis that nothing is to be restored to. */
export async function foundStore(redisUrl: string): Promise<void> {
  const state = openState({ redisUrl, databaseUrl: undefined });
  await state.epochs.raise(0, 'founded');
  await state.epochs.open(1);
  await state.close();
}

async function shippedItems(state: StatePort): Promise<InboxItem[]> {
  const items: InboxItem[] = [];
  for (const { spoolId } of await state.spools.list()) {
    for (const { item } of await state.inbox.read(spoolId, 0, 10_000)) {
      if (item === null) throw new Error('a gateway shipped an item that nobody can read');
      items.push(item);
    }
  }
  return items;
}

/** Sends a chat request to a gateway. */
export function chat(
  gateway: GatewayProcess,
  key: string | null,
  body: object = {},
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${gateway.url}/acme/llm/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer(key), ...headers },
    body: JSON.stringify({ model: 'toll-small', messages: [{ role: 'user', content: 'hi' }], ...body }),
    ...(signal === undefined ? {} : { signal }),
  });
}

export function bearer(key: string | null): Record<string, string> {
  return key === null ? {} : { authorization: `Bearer ${key}` };
}

/** The slug of a problem document, and its members. */
export async function problemOf(response: Response): Promise<Record<string, unknown> & { slug: string }> {
  const document = (await response.json()) as Record<string, unknown>;
  return { ...document, slug: String(document.type).split('/problems/')[1] ?? '' };
}

function keyRecord(customerId: string, options: SubscribeOptions): KeyRecord {
  const node = { limitNanoUsd: options.budgetNanoUsd ?? 1_000_000_000_000n, period: 'month' as const };
  return {
    keyId: `key_${customerId}`,
    agentId: `agt_${customerId}`,
    projectId: null,
    status: 'active',
    expiresAtMs: null,
    livemode: true,
    budgetNodes: [
      { ...node, node: `budget:own_${customerId}` },
      { ...node, node: `budget:key_${customerId}` },
    ],
    ...options.record,
  };
}

/** Starts a gateway on a database and in a folder that has a `master.key`. */
export async function spawnGateway(options: {
  readonly name: string;
  readonly folder: string;
  readonly database: FreshDatabase;
  readonly upstream: Upstream;
  readonly facilitatorUrl?: string;
  readonly redisUrl?: string;
  readonly databaseUrl?: string | undefined;
  /** Environment variables that go before the stage's own. */
  readonly settings: NodeJS.ProcessEnv;
}): Promise<GatewayProcess> {
  const { name, folder, database, upstream, facilitatorUrl, redisUrl, databaseUrl, settings } = options;
  const reachable = [upstream.url, facilitatorUrl].flatMap((url) => (url === undefined ? [] : [new URL(url).host]));
  const args = ['--import', 'tsx', '--conditions=@tollwright/source', join(import.meta.dirname, 'main.ts')];
  const child = spawn(process.execPath, args, {
    env: {
      HOST: '127.0.0.1',
      PORT: '0',
      ...(redisUrl === undefined
        ? { STATE_DATABASE_URL: databaseUrl ?? database.urlAs('tollwright_gateway') }
        : { REDIS_URL: redisUrl }),
      SPOOL_DIR: join(folder, 'spool'),
      SNAPSHOT_DIR: join(folder, `snapshot-${name}`),
      GATEWAY_PUBLIC_URL: 'http://gateway.test',
      PORTAL_PUBLIC_URL: 'http://portal.test',
      TOLLWRIGHT_MASTER_KEY_FILE: join(folder, 'master.key'),
      TOLLWRIGHT_EGRESS_ALLOW: reachable.join(','),
      ...(facilitatorUrl === undefined ? {} : { FACILITATOR_URL: facilitatorUrl }),
      TOLLWRIGHT_GATEWAY_NAME: name,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const noted = (part: Buffer) => {
    log += part.toString();
  };
  child.stdout.on('data', noted);
  child.stderr.on('data', noted);
  // Later than its exit: only then all that it wrote has come.
  const ended = new Promise((resolve) => child.once('close', resolve));
  const deadline = Date.now() + READY_MS_MAX;
  while (Date.now() < deadline && child.exitCode === null) {
    const port = /gateway listening on port (\d+)/.exec(log)?.[1];
    const url = `http://127.0.0.1:${port}`;
    if (port && (databaseUrl !== undefined || (await fetch(`${url}/readyz`)).ok))
      return { url, child, name, log: () => log };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  await ended;
  throw new Error(`gateway ${name} did not get ready:\n${log}`);
}

function snapshotOf(upstream: Upstream, secret: Uint8Array, version: number, apiId: string): ApiSnapshot {
  const context = { tenant: 'prv_acme', target: `api:${apiId}:upstream` };
  return {
    schemaVersion: 1,
    apiId,
    providerId: 'prv_acme',
    providerSlug: 'acme',
    apiSlug: 'llm',
    apiName: 'Acme LLM',
    livemode: true,
    version,
    upstream: {
      baseUrl: upstream.url,
      credential: {
        header: 'authorization',
        sealedValue: sealSecret([{ id: 'k1', secret }], context, `Bearer ${UPSTREAM_TOKEN}`),
      },
      connectTimeoutMs: 2_000,
      firstByteTimeoutMs: 5_000,
      idleTimeoutMs: 5_000,
      totalTimeoutMs: 60_000,
    },
    routes: [
      route('createChatCompletion', 'POST', '/v1/chat/completions', 'ext_openai'),
      route('createCompletion', 'POST', '/v1/completions', 'ext_openai'),
      route('createResponse', 'POST', '/v1/responses', 'ext_openai'),
      route('createMessage', 'POST', '/v1/messages', 'ext_anthropic'),
      route('getWeather', 'GET', '/weather', null),
      route('getQuote', 'GET', '/quotes/{symbol}', null),
    ],
    extractors: [
      { id: 'ext_openai', rule: { kind: 'openai' } },
      { id: 'ext_anthropic', rule: { kind: 'anthropic' } },
    ],
    meters: [
      meter('requests', 'COUNT', null),
      meter('input_tokens', 'SUM', '$.input_tokens'),
      meter('output_tokens', 'SUM', '$.output_tokens'),
    ],
    plans: [
      plan('free', { rateLimit: { limit: 10, windowSeconds: 60 }, quotaTokens: 10_000n }),
      plan('pro', { rateLimit: { limit: 10_000_000, windowSeconds: 60 }, quotaTokens: 1_000_000_000n }),
      plan('flat', { rateLimit: null, quotaTokens: null, usdPerRequest: '0.01' }),
    ],
    wallets: [],
    policies: [],
  };
}

function route(operationId: string, method: 'GET' | 'POST', pathTemplate: string, extractorId: string | null) {
  return {
    id: `rte_${operationId}`,
    operationId,
    method,
    pathTemplate,
    extractorId,
    bodyBytesMax: 1_048_576,
    strangerPriceNanoUsd: null,
    policies: [],
  };
}

function meter(slug: string, aggregation: 'COUNT' | 'SUM', valueProperty: string | null) {
  return { slug, eventType: 'request', aggregation, valueProperty, groupBy: { model: '$.model', route: '$.route' } };
}

function plan(
  planKey: string,
  shape: { rateLimit: PlanTerms['rateLimit']; quotaTokens: bigint | null; usdPerRequest?: string },
): ApiSnapshot['plans'][number] {
  const { rateLimit, quotaTokens, usdPerRequest } = shape;
  const token = (key: string, usd: string) => ({
    key,
    name: key,
    price: {
      kind: 'per-model-token' as const,
      meter: key,
      usdPerMillionByModel: { 'toll-small': usd },
      defaultUsdPerMillion: null,
    },
  });
  const terms: ApiSnapshot['plans'][number]['terms'] = {
    currency: 'usd',
    billingPeriod: 'month',
    rateLimit,
    quotas:
      quotaTokens === null
        ? []
        : [
            {
              featureKey: 'tokens',
              meters: ['input_tokens', 'output_tokens'],
              limit: quotaTokens,
              period: 'month',
              onExhausted: 'reject',
            },
          ],
    rateCards:
      usdPerRequest === undefined
        ? [token('input_tokens', '1'), token('output_tokens', '2')]
        : [
            {
              key: 'requests',
              name: 'Calls',
              price: { kind: 'per-unit', meter: 'requests', usdPerUnit: usdPerRequest },
            },
          ],
    defaultKeyBudget: { limitNanoUsd: nanoUsd(5_000_000_000n), period: 'month' },
    outputTokensMax: 1_000,
    policies: [],
    prepaid: null,
  };
  return { planVersionId: `plv_${planKey}`, planKey, version: 1, terms };
}
