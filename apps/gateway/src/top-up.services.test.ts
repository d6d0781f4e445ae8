import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseChallenges, parseReceipt } from '@tollwright/protocols';
import {
  type Chain,
  createPrepaidWorld,
  type Facilitator,
  loadMppx,
  type MppxClient,
  type MppxPayers,
  mppxPayers,
  openServicesHarness,
  type PrepaidWorld,
  type ServicesHarness,
  type StripeDouble,
  startChain,
  startFacilitator,
  startStripeDouble,
  startTempo,
  startUpstream,
  startUsageWorker,
  type Tempo,
  type Upstream,
  type UsageWorker,
} from '@tollwright/testing';
import { registerExactEvmScheme } from '@x402/evm/exact/client';
import { wrapFetchWithPayment, x402Client } from '@x402/fetch';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, problemOf, spawnGateway } from './gateway-harness.ts';

const SECRET_KEY = 'sk_live_double_of_tests';
const UPSTREAM_TOKEN = 'token-of-tests';

let folder: string;
let chain: Chain;
let tempo: Tempo;
let stripe: StripeDouble;
let facilitator: Facilitator;
let upstream: Upstream;
let harness: ServicesHarness;
let world: PrepaidWorld;
let worker: UsageWorker;
let gateway: GatewayProcess;
let payers: MppxPayers;
const payerKey = generatePrivateKey();
const payer = privateKeyToAccount(payerKey);
const processes: GatewayProcess[] = [];

beforeAll(async () => {
  payers = mppxPayers(await loadMppx());
  folder = mkdtempSync(join(tmpdir(), 'tw-top-up-'));
  const secret = randomBytes(32);
  writeFileSync(join(folder, 'master.key'), secret.toString('base64'), { mode: 0o600 });
  [chain, tempo, stripe] = await Promise.all([
    startChain({ port: 0 }),
    startTempo({ port: 0 }),
    startStripeDouble({ port: 0 }),
  ]);
  const [, merchant, broadcaster] = chain.accounts;
  if (!merchant || !broadcaster) throw new Error('the chain has too few accounts');
  facilitator = await startFacilitator({ port: 0, rpcUrl: chain.rpcUrl, privateKey: broadcaster.privateKey });
  await chain.mint(payer.address, 100_000_000n);
  upstream = await startUpstream({ port: 0, token: UPSTREAM_TOKEN });
  harness = await openServicesHarness({ masterKeys: [{ id: 'k1', secret }] });
  world = await createPrepaidWorld(harness, {
    ...{ upstreamUrl: upstream.url, upstreamToken: UPSTREAM_TOKEN, stripeSecretKey: SECRET_KEY },
    ...{ payTo: merchant.address, networks: [chain, tempo].map(({ chainId }) => `eip155:${chainId}`) },
  });
  worker = startUsageWorker(harness.workerCtx);
  gateway = await startGateway('one');
});
afterAll(async () => {
  for (const { child } of processes) child.kill('SIGKILL');
  await worker?.close();
  await harness?.close();
  await Promise.all([upstream?.close(), facilitator?.close(), stripe?.close(), tempo?.close(), chain?.close()]);
  rmSync(folder, { recursive: true, force: true });
});

async function startGateway(name: string): Promise<GatewayProcess> {
  const hosts = [upstream.url, facilitator.url, tempo.rpcUrl].map((url) => new URL(url).host);
  const started = await spawnGateway({
    ...{ name, folder, database: harness.database, upstream, facilitatorUrl: facilitator.url },
    settings: {
      STRIPE_API_URL: stripe.url,
      CHAIN_RPC_URLS: `eip155:${tempo.chainId}=${tempo.rpcUrl}`,
      TOLLWRIGHT_EGRESS_ALLOW: hosts.join(','),
    },
  });
  processes.push(started);
  return started;
}

const creditsUrl = (query = '') => `${gateway.url}${world.path}/_tw/credits${query}`;
const withKey = () => ({ headers: { 'x-api-key': world.key } });
const order = (query: string) => fetch(creditsUrl(query), { method: 'POST', ...withKey() });
const call = (at = gateway) => fetch(`${at.url}${world.path}/weather`, withKey());

interface Balance {
  readonly paidInNanoUsd: string;
  readonly remainingNanoUsd: string;
}
const balance = async () => (await (await fetch(creditsUrl(), withKey())).json()) as Balance;

interface Sold {
  readonly paymentId: string;
  readonly credited: boolean;
  readonly creditUsd: string;
  readonly balance: Balance;
}

async function tempoClient(): Promise<MppxClient> {
  const privateKey = generatePrivateKey();
  await tempo.fund(privateKeyToAccount(privateKey).address, 50_000_000n);
  return payers.tempo({ privateKey, rpcUrl: tempo.rpcUrl });
}

function x402Fetch(): typeof fetch {
  const client = new x402Client();
  registerExactEvmScheme(client, { signer: payer });
  return wrapFetchWithPayment(fetch, client) as typeof fetch;
}

describe('an order of credit', () => {
  it('is answered by one 402 with every way of paying it', async () => {
    const response = await order('?pack=starter');
    expect(response.status).toBe(402);
    const challenges = parseChallenges(response.headers.get('www-authenticate') ?? '');
    expect(
      challenges.map((read) => (read.kind === 'ok' ? [read.value.method, read.value.request.amount] : read)),
    ).toEqual([
      ['tempo', '5000000'],
      ['evm', '5000000'],
      ['stripe', '500'],
    ]);
    expect(response.headers.get('payment-required')).not.toBeNull();
    expect(await problemOf(response)).toMatchObject({
      ...{ slug: 'payment-required', detail: 'Pay 5.00 USD for 6.00 USD of credit.' },
      accepts: [{ maxAmountRequired: '5000000' }],
    });
  });

  it.each([
    ['', 'amount'],
    ['?amount=1&pack=starter', 'amount'],
    ['?pack=none', 'pack'],
    ['?amount=0', 'amount'],
    ['?amount=-1', 'amount'],
    ['?amount=1e3', 'amount'],
    ['?amount=100000.01', 'amount'],
    ['?amount=1&for=others', 'for'],
  ])('of %s is 422', async (query, path) => {
    const response = await order(query);
    expect(await problemOf(response)).toMatchObject({ slug: 'invalid-input', status: 422, errors: [{ path }] });
  });

  it('without a key, or with a wrong one, is 401', async () => {
    const none = await fetch(creditsUrl('?amount=1'), { method: 'POST' });
    const wrong = await fetch(creditsUrl('?amount=1'), { method: 'POST', headers: { 'x-api-key': 'tw_live_wrong' } });
    expect([none.status, wrong.status]).toEqual([401, 401]);
  });
});

describe('a 402 of a call that costs too little for a card', () => {
  it('names the packs that a card buys, and where to get a key for them', async () => {
    const response = await fetch(`${gateway.url}${world.path}/weather`);
    expect(await problemOf(response)).toMatchObject({
      ...{ slug: 'payment-required', plansUrl: 'http://portal.test/p/acme', accepts: [{ maxAmountRequired: '10000' }] },
      creditPacks: [{ plan: 'prepaid', key: 'starter', priceUsd: '5.00', creditUsd: '6.00' }],
    });
    const challenges = parseChallenges(response.headers.get('www-authenticate') ?? '');
    expect(challenges.map((read) => read.kind === 'ok' && read.value.method)).toEqual(['tempo', 'evm']);
  });

  it('that is too little under a plan too is paid alone, and says where to pay in', async () => {
    const problem = await problemOf(await call());
    expect(problem).toMatchObject({ slug: 'credits-exhausted', accepts: [{ maxAmountRequired: '10000' }] });
    expect(problem.creditPacks).toMatchObject([{ key: 'starter', topUpUrl: expect.stringContaining('?pack=starter') }]);
  });
});

describe('credit', () => {
  it('is bought by @x402/fetch, and pays for the next call', async () => {
    expect(await problemOf(await call())).toMatchObject({ slug: 'credits-exhausted', status: 402 });
    const response = await x402Fetch()(creditsUrl('?amount=0.5'), { method: 'POST', ...withKey() });
    expect([response.status, response.headers.get('payment-response')]).toEqual([200, expect.any(String)]);
    const sold = (await response.json()) as Sold;
    expect(sold).toMatchObject({ credited: true, creditUsd: '0.50', balance: { remainingNanoUsd: '500000000' } });
    expect((await call()).status).toBe(200);
    await expect.poll(async () => (await balance()).remainingNanoUsd).toBe('490000000');
  });

  it('is bought by mppx with a card, and on Tempo', async () => {
    const before = BigInt((await balance()).paidInNanoUsd);
    const clients = [payers.stripe({ url: stripe.url, secretKey: SECRET_KEY }), await tempoClient()];
    for (const [client, method] of clients.map((one, at) => [one, at === 0 ? 'stripe' : 'tempo'] as const)) {
      const response = await client.fetch(creditsUrl('?pack=starter'), { method: 'POST', ...withKey() });
      expect(response.status).toBe(200);
      const receipt = parseReceipt(response.headers.get('payment-receipt') ?? '');
      expect(receipt.kind === 'ok' && receipt.value.method).toBe(method);
      expect(await response.json()).toMatchObject({ credited: true, creditUsd: '6.00', paidUsd: '5.00' });
    }
    expect(BigInt((await balance()).paidInNanoUsd) - before).toBe(12_000_000_000n);
  });

  it('is sold once for a credential that is shown ten times at once', async () => {
    const before = BigInt((await balance()).paidInNanoUsd);
    const client = payers.stripe({ url: stripe.url, secretKey: SECRET_KEY });
    const authorization = await client.createCredential(await order('?amount=2'));
    const paid = () =>
      fetch(creditsUrl('?amount=2'), {
        method: 'POST',
        headers: { 'x-api-key': world.key, 'payment-authorization': authorization },
      });
    const answers = await Promise.all(Array.from({ length: 10 }, paid));
    // Who comes when the first is over gets its answer again.
    const others = answers.filter(({ headers }) => headers.has('tollwright-replayed'));
    expect(answers.filter((answer) => answer.status === 200 && !others.includes(answer))).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9 - others.length);
    expect(BigInt((await balance()).paidInNanoUsd) - before).toBe(2_000_000_000n);
  });

  it('for another amount, pack or path is not bought by the same credential', async () => {
    const client = payers.stripe({ url: stripe.url, secretKey: SECRET_KEY });
    const authorization = await client.createCredential(await order('?amount=2'));
    const headers = { 'x-api-key': world.key, 'payment-authorization': authorization };
    for (const query of ['?amount=3', '?pack=starter', '?amount=2&for=agent']) {
      const response = await fetch(creditsUrl(query), { method: 'POST', headers });
      expect(await problemOf(response)).toMatchObject({ slug: 'payment-invalid', status: 402 });
    }
  });

  it('that was paid to a gateway which died before it was granted is granted once', async () => {
    const before = BigInt((await balance()).paidInNanoUsd);
    await worker.close();
    const client = payers.stripe({ url: stripe.url, secretKey: SECRET_KEY });
    const authorization = await client.createCredential(await order('?amount=7'));
    const headers = { 'x-api-key': world.key, 'payment-authorization': authorization };
    const lost = fetch(creditsUrl('?amount=7'), { method: 'POST', headers }).catch(() => null);
    await expect
      .poll(async () => (await harness.gatewayState.claims.get(claimKeyOf(authorization)))?.state)
      .toBe('settled');
    gateway.child.kill('SIGKILL');
    expect(await lost).toBeNull();
    gateway = await startGateway('two');
    worker = startUsageWorker(harness.workerCtx);
    const grown = async () => BigInt((await balance()).paidInNanoUsd) - before;
    await expect.poll(grown, { timeout: 40_000, interval: 200 }).toBe(7_000_000_000n);
    const again = await fetch(creditsUrl('?amount=7'), { method: 'POST', headers });
    expect(await problemOf(again)).toMatchObject({ slug: 'payment-used', state: 'settled' });
    expect(await grown()).toBe(7_000_000_000n);
    expect(harness.errors).toEqual([]);
  });
});

/** What a card's payment is claimed by: the challenge that it answers. */
function claimKeyOf(authorization: string): string {
  const credential = JSON.parse(Buffer.from(authorization.replace(/^Payment /, ''), 'base64url').toString()) as {
    readonly challenge: { readonly id: string };
  };
  return `stripe:${credential.challenge.id}`;
}
