import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiSnapshot, toJson } from '@tollwright/contracts';
import { sealSecret } from '@tollwright/contracts/sealed-secret';
import { createPostgresState, migrateState, type StatePort } from '@tollwright/state';
import {
  type Chain,
  type Facilitator,
  loadMppx,
  type MppxClient,
  mppxPayers,
  startPostgres,
  startStripeDouble,
  startTempo,
  startUpstream,
} from '@tollwright/testing';
import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import type { Ends } from '../ends.ts';
import { masterKeyFileIn, startGateway } from '../gateway.ts';
import { type Payer, sessionPayer, uptoPayer } from './paid-payers.ts';
import { PAID_CALLS, type Policy, snapshotOf } from './paid-route.ts';
import { settleTimes } from './settle-times.ts';
import { signExact } from './sign-exact.ts';

const CALLS = 40;
const WARM_UP_CALLS = 8;
const FUNDS_ATOMIC = 1_000_000_000n;
const STRIPE_KEY = 'sk_live_double_of_bench';
const PROVIDER = 'prv_bench';
/** As a payment of one call, on every rail. */
const EACH_CALL: readonly Policy[] = ['after', 'before'];

/**
 * One rail under one policy. `settle…`: from the moment when its payments were found to be good to the one when they were known
 * to be settled, by their own records; null of vouchers, which the worker settles together, later.
 */
export interface PaidRow {
  readonly rail: string;
  readonly policy: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Over the same call to the upstream alone, at the median. */
  readonly addedP50Ms: number;
  readonly settleP50Ms: number | null;
  readonly settleP99Ms: number | null;
}

/** Pays for calls one after the other by every rail, as each of its policies takes the money. */
export async function timePaidCalls(
  ends: Ends,
  folder: string,
  chain: Chain,
  facilitator: Facilitator,
): Promise<PaidRow[]> {
  const { origin, payers, upstreamUrl, token, state } = await openSale(ends, folder, chain, facilitator);
  const rows: PaidRow[] = [];
  for (const [policy, { path, init }] of Object.entries(PAID_CALLS) as [Policy, PaidRequest][]) {
    const direct = await times(CALLS, async () => {
      const startedAt = performance.now();
      await (await fetch(`${upstreamUrl}${path}`, withHeaders(init, { authorization: `Bearer ${token}` }))).text();
      return performance.now() - startedAt;
    });
    for (const payer of payers.filter(({ policies }) => policies.includes(policy)))
      rows.push(await timePayer(state, payer, policy, `${origin}/bench/paid${path}`, init, at(direct, 0.5)));
  }
  return rows;
}

async function timePayer(
  state: StatePort,
  payer: Payer,
  policy: Policy,
  url: string,
  init: RequestInit,
  directMs: number,
): Promise<PaidRow> {
  const calls: number[] = [];
  const before = (await settleTimes(state)).length;
  for (let call = -WARM_UP_CALLS; call < CALLS; call++) {
    const credential = await payer.credential(await fetch(url, init), url, init);
    const startedAt = performance.now();
    const response = await fetch(url, withHeaders(init, credential));
    const text = await response.text();
    const endedAt = performance.now();
    if (response.status !== 200) throw new Error(`${payer.rail} ${policy} was answered ${response.status}: ${text}`);
    if (call >= 0) calls.push(endedAt - startedAt);
  }
  const settles = policy === 'session' ? null : await settlesAfter(state, before + WARM_UP_CALLS, CALLS);
  return {
    ...{
      rail: payer.rail,
      policy,
      p50Ms: at(calls, 0.5),
      p99Ms: at(calls, 0.99),
      addedP50Ms: at(calls, 0.5) - directMs,
    },
    ...{
      settleP50Ms: settles === null ? null : at(settles, 0.5),
      settleP99Ms: settles === null ? null : at(settles, 0.99),
    },
  };
}

/** The settle times of so many payments after the first `known`, once all of them are shipped. */
async function settlesAfter(state: StatePort, known: number, count: number): Promise<readonly number[]> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const all = await settleTimes(state);
    if (all.length >= known + count) return all.slice(known);
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error(`fewer than ${count} payments were settled`);
}

async function openSale(ends: Ends, folder: string, chain: Chain, facilitator: Facilitator) {
  const close = <T extends { close(): unknown }>(one: T): T => {
    ends.push(() => one.close());
    return one;
  };
  const tempo = close(await startTempo({ port: 0 }));
  const stripe = close(await startStripeDouble({ port: 0 }));
  const upstream = close(await startUpstream({ port: 0, token: 'bench-token' }));
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
  ends.push(() => postgres.destroy());
  await migrateState(postgres.url);
  const state = close(createPostgresState({ connectionString: postgres.url, poolMax: 4 }));
  const gateway = await startGateway(ends, {
    ...{ folder, upstreamUrl: upstream.url, storeEnv: { STATE_DATABASE_URL: postgres.url } },
    env: {
      FACILITATOR_URL: facilitator.url,
      CHAIN_RPC_URLS: `eip155:${tempo.chainId}=${tempo.rpcUrl}`,
      STRIPE_API_URL: stripe.url,
      // All vouchers of the run: nobody settles them.
      SESSION_UNSETTLED_MAX_USD: '60',
      SESSION_UNSETTLED_PAYER_MAX_USD: '60',
      TOLLWRIGHT_EGRESS_ALLOW: [upstream, facilitator, { url: tempo.rpcUrl }, stripe]
        .map(({ url }) => new URL(url).host)
        .join(','),
    },
  });
  const payTo = chain.accounts[1]?.address as Hex;
  const secret = Buffer.from(readFileSync(masterKeyFileIn(folder), 'utf8'), 'base64');
  const seal = (target: string, plain: string) =>
    sealSecret([{ id: 'k1', secret }], { tenant: PROVIDER, target }, plain);
  const wallets = [
    {
      ...{ kind: 'x402', network: `eip155:${chain.chainId}`, asset: chain.usdc, payTo, decimals: 6 },
      ...{ tokenName: 'USDC', tokenVersion: '2' },
    },
    // Nobody settles the channels of this short life.
    { kind: 'tempo', network: `eip155:${tempo.chainId}`, asset: tempo.currency, payTo, decimals: 6, operator: payTo },
    {
      ...{ kind: 'stripe', networkId: 'profile_bench', currency: 'usd', paymentMethodTypes: ['card'] },
      sealedKey: seal('stripe', STRIPE_KEY),
    },
  ];
  const sealedValue = seal('api:api_paid:upstream', `Bearer ${upstream.token}`);
  const snapshot = toJson(snapshotOf(PROVIDER, upstream.url, sealedValue, wallets));
  // A gateway serves nothing of what it cannot read.
  apiSnapshot.parse(JSON.parse(snapshot));
  await state.directory.putSnapshot('api_paid', 1, snapshot);
  const lib = await loadMppx();
  const mppx = mppxPayers(lib);
  const privateKey = generatePrivateKey();
  const { address } = privateKeyToAccount(privateKey);
  await chain.mint(address, FUNDS_ATOMIC);
  await tempo.fund(address, FUNDS_ATOMIC);
  const byMppx = (rail: string, client: MppxClient, policies = EACH_CALL): Payer => ({
    ...{ rail, policies },
    credential: async (asked) => ({ authorization: await client.createCredential(asked) }),
  });
  const payers: Payer[] = [
    {
      ...{ rail: 'x402', policies: [...EACH_CALL, 'optimistic'] },
      async credential(asked) {
        await asked.arrayBuffer();
        const { payload } = await signExact(chain, payTo, 600_000n);
        return { 'payment-signature': Buffer.from(JSON.stringify(payload)).toString('base64') };
      },
    },
    byMppx('evm', mppx.evm({ privateKey, chainId: chain.chainId }), [...EACH_CALL, 'optimistic']),
    await uptoPayer(chain, FUNDS_ATOMIC),
    sessionPayer(lib, tempo, privateKey),
    byMppx('tempo', mppx.tempo({ privateKey, rpcUrl: tempo.rpcUrl })),
    byMppx('stripe', mppx.stripe({ url: stripe.url, secretKey: STRIPE_KEY })),
  ];
  await untilOffered(`${gateway.origin}/bench/paid${PAID_CALLS.after.path}`);
  return { origin: gateway.origin, payers, upstreamUrl: upstream.url, token: upstream.token, state };
}

async function untilOffered(url: string): Promise<void> {
  let last = '';
  for (let attempt = 0; attempt < 300; attempt++) {
    const response = await fetch(url);
    const methods = response.headers.get('www-authenticate') ?? '';
    last = `${response.status} ${methods} ${await response.text()}`;
    const isX402 = response.headers.has('payment-required');
    if (isX402 && ['evm', 'tempo', 'stripe'].every((name) => methods.includes(`"${name}"`))) return;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error(`not every rail is offered at ${url}: ${last}`);
}

interface PaidRequest {
  readonly path: string;
  readonly init: RequestInit;
}

function withHeaders(init: RequestInit, headers: Readonly<Record<string, string>>): RequestInit {
  return { ...init, headers: { ...(init.headers as Record<string, string> | undefined), ...headers } };
}

async function times(count: number, work: () => Promise<number>): Promise<number[]> {
  const all: number[] = [];
  for (let turn = 0; turn < count; turn++) all.push(await work());
  return all;
}

/** The value below which so large a share lies. */
function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
