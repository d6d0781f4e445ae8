import { Facilitator, type FacilitatorServer, startFacilitatorServer } from '@tollwright/facilitator';
import { broadcastBook } from '@tollwright/services';
import { type Chain, queryOnce, startChain } from '@tollwright/testing';
import { HTTPFacilitatorClient } from '@x402/core/server';
import { ExactEvmScheme } from '@x402/evm/exact/client';
import { UptoEvmScheme } from '@x402/evm/upto/client';
import { x402Client } from '@x402/fetch';
import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JobsHarness, openJobsHarness } from './jobs/services-harness.ts';

const PRICE_ATOMIC = 5_000n;
const TOKEN = 'a token of twenty-four characters';
const key = generatePrivateKey();
const signer = privateKeyToAccount(key).address;

let chain: Chain;
let jobs: JobsHarness;
const servers: FacilitatorServer[] = [];

beforeAll(async () => {
  chain = await startChain({ port: 0 });
  jobs = await openJobsHarness([]);
  await fundGas(10n ** 18n);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await jobs?.close();
  await chain?.close();
});

type Node = (method: string, params: readonly unknown[]) => Promise<unknown>;
type Payload = Awaited<ReturnType<x402Client['createPaymentPayload']>>;
type Payment = { readonly payload: Payload; readonly requirements: Payload['accepted']; readonly payer: Hex };

const ask: Node = async (method, params) => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const response = await fetch(chain.rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { result, error } = (await response.json()) as { result: unknown; error?: { message: string } };
  if (error !== undefined) throw new Error(error.message);
  return result;
};
const fundGas = (wei: bigint) => ask('anvil_setBalance', [signer, `0x${wei.toString(16)}`]);

/** A facilitator as one worker has it; all sign with one key, and know of each other by the database alone. */
function newFacilitator(node: Node = ask, confirmationTimeoutMs = 60_000): Facilitator {
  const { network } = chain.network;
  return new Facilitator({
    ...{ chains: [{ network, chainId: chain.chainId, ask: node }], privateKey: key, confirmationTimeoutMs },
    book: broadcastBook(jobs.services.ctx),
  });
}

async function serve(facilitator = newFacilitator()): Promise<HTTPFacilitatorClient> {
  const onError = (what: string, error: unknown) => expect.unreachable(`${what}: ${String(error)}`);
  const server = await startFacilitatorServer(facilitator, { host: '127.0.0.1', port: 0, token: TOKEN, onError });
  servers.push(server);
  const own = { authorization: `Bearer ${TOKEN}` };
  const createAuthHeaders = async () => ({ verify: own, settle: own, supported: own });
  return new HTTPFacilitatorClient({ url: server.url, createAuthHeaders });
}

/** Somebody new pays that seller, by the unmodified client: a price, or up to one. */
async function newPayment(payTo: Hex, scheme: 'exact' | 'upto' = 'exact'): Promise<Payment> {
  const account = privateKeyToAccount(generatePrivateKey());
  await chain.mint(account.address, 10n * PRICE_ATOMIC);
  const { network, usdc } = chain.network;
  const ceiling = scheme === 'upto' ? { facilitatorAddress: signer } : {};
  const requirements = {
    ...{ scheme, network, amount: String(PRICE_ATOMIC), asset: usdc.address, payTo },
    ...{ maxTimeoutSeconds: 300, extra: { name: usdc.name, version: usdc.version, ...ceiling } },
  };
  if (scheme === 'upto') await chain.approvePermit2(account.address);
  const schemes = { exact: new ExactEvmScheme(account), upto: new UptoEvmScheme(account, { rpcUrl: chain.rpcUrl }) };
  const payload = await new x402Client().register(network, schemes[scheme]).createPaymentPayload({
    ...{ x402Version: 2, resource: { url: 'http://127.0.0.1/weather' }, accepts: [requirements] },
  });
  return { payload, requirements, payer: account.address };
}

const newSeller = () => privateKeyToAccount(generatePrivateKey()).address;
const ofDatabase = (text: string) => queryOnce(jobs.database.url, text);
const nonces = async () => {
  const rows = await ofDatabase('SELECT nonce FROM broadcast ORDER BY nonce');
  return rows.map(({ nonce }) => Number(nonce));
};

describe('two facilitators with one key', () => {
  it('settle 40 payments at once: each is paid once, and no nonce is taken twice or left out', async () => {
    const clients = await Promise.all([serve(), serve()]);
    const seller = newSeller();
    const payments: Payment[] = [];
    for (let index = 0; index < 40; index += 1) payments.push(await newPayment(seller));
    const results = await Promise.all(
      payments.map(({ payload, requirements }, index) =>
        (clients[index % 2] as HTTPFacilitatorClient).settle(payload, requirements),
      ),
    );
    expect(results.filter(({ success }) => !success)).toEqual([]);
    expect(new Set(results.map(({ transaction }) => transaction)).size).toBe(40);
    expect(await chain.balanceOf(seller)).toBe(40n * PRICE_ATOMIC);
    for (const { payer } of payments) expect(await chain.transfers(payer)).toHaveLength(1);
    expect(await nonces()).toEqual(Array.from({ length: 40 }, (_, index) => index));
  });

  it('asked ten times at once to settle one payment, send one transaction and answer it every time', async () => {
    const clients = await Promise.all([serve(), serve()]);
    const { payload, requirements, payer } = await newPayment(newSeller());
    const before = (await nonces()).length;
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (clients[index % 2] as HTTPFacilitatorClient).settle(payload, requirements),
      ),
    );
    expect(new Set(results.flatMap(({ success, transaction }) => (success ? transaction : [])))).toHaveLength(1);
    expect(await chain.transfers(payer)).toHaveLength(1);
    expect((await nonces()).length).toBe(before + 1);
  });
});

describe('a transaction that was kept', () => {
  /** A node that loses what is sent to it, so often. */
  const losing = (times: number, act: (raw: unknown) => Promise<unknown>): Node => {
    let left = times;
    return async (method, params) => {
      if (method !== 'eth_sendRawTransaction' || left === 0) return ask(method, params);
      left -= 1;
      return act(params[0]);
    };
  };

  it('is sent by whoever goes on, when its process died or its node was away', async () => {
    const away = losing(1, async () => Promise.reject(new Error('the node is away')));
    const { payload, requirements, payer } = await newPayment(newSeller());
    const answer = await newFacilitator(away, 300).settle(payload, requirements);
    expect(answer).toMatchObject({ success: false, errorReason: 'settlement_pending' });
    expect(await chain.transfers(payer)).toEqual([]);
    const other = newFacilitator();
    expect(await other.carryOn(Date.now())).toEqual(new Map([[chain.network.network, 1]]));
    await expect.poll(() => other.carryOn(Date.now())).toEqual(new Map([[chain.network.network, 0]]));
    expect((await chain.transfers(payer)).map(({ transactionHash }) => transactionHash)).toEqual([answer.transaction]);
  });

  it('goes on dearer where no block takes it, and pays once', async () => {
    const swallows = losing(1, async () => '0x');
    const { payload, requirements, payer } = await newPayment(newSeller());
    const facilitator = newFacilitator(swallows, 300);
    const { transaction } = await facilitator.settle(payload, requirements);
    await facilitator.carryOn(Date.now() + 60_000);
    await expect.poll(() => facilitator.carryOn(Date.now())).toEqual(new Map([[chain.network.network, 0]]));
    const paid = await chain.transfers(payer);
    expect(paid).toHaveLength(1);
    expect(paid[0]?.transactionHash).not.toBe(transaction);
    const [row] = await ofDatabase(
      'SELECT transaction_hash, earlier_hashes, state FROM broadcast ORDER BY nonce DESC LIMIT 1',
    );
    expect(row).toEqual({ transaction_hash: paid[0]?.transactionHash, earlier_hashes: [transaction], state: 'mined' });
  });
});

it('settles what was used of a ceiling that names it, once', async () => {
  const seller = newSeller();
  const { payload, requirements, payer } = await newPayment(seller, 'upto');
  const client = await serve();
  expect(await client.verify(payload, requirements)).toMatchObject({ isValid: true, payer });
  const used = { ...requirements, amount: '1234' };
  expect(await client.settle(payload, used)).toMatchObject({ success: true, amount: '1234' });
  await client.settle(payload, used).catch(() => undefined);
  expect([await chain.balanceOf(seller), (await chain.transfers(payer)).length]).toEqual([1_234n, 1]);
});

it('settles nothing that would revert, and takes no nonce for it', async () => {
  const { payload, requirements, payer } = await newPayment(newSeller());
  const before = await nonces();
  const poor = { ...requirements, amount: String(100n * PRICE_ATOMIC) };
  expect(await newFacilitator().settle(payload, poor)).toMatchObject({ success: false, transaction: '' });
  expect([await nonces(), await chain.transfers(payer)]).toEqual([before, []]);
});

it('offers nothing where its gas has run out, and again when it has some', async () => {
  const facilitator = newFacilitator();
  await fundGas(1_000n);
  expect(await facilitator.watchGas()).toEqual([{ network: chain.network.network, settlements: 0n }]);
  expect(facilitator.supported().kinds.filter(({ x402Version }) => x402Version === 2)).toEqual([]);
  await fundGas(10n ** 18n);
  await facilitator.watchGas();
  const kinds = facilitator.supported().kinds.map(({ x402Version, scheme }) => `${x402Version} ${scheme}`);
  expect(kinds.sort()).toEqual(['1 exact', '2 exact', '2 upto']);
});

it('is asked only by who knows its token, and says what it was asked in vain', async () => {
  await serve();
  const url = servers.at(-1)?.url;
  const post = (body: string, authorization: string) =>
    fetch(`${url}/settle`, { method: 'POST', headers: { authorization }, body });
  expect((await fetch(`${url}/supported`)).status).toBe(401);
  expect((await post('{}', 'Bearer another')).status).toBe(401);
  expect((await post('{}', `Bearer ${TOKEN}`)).status).toBe(400);
  expect((await post(`"${'x'.repeat(70_000)}"`, `Bearer ${TOKEN}`)).status).toBe(413);
});
