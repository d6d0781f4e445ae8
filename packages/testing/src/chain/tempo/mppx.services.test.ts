import { createClient, type Hex, http, publicActions } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMppx, type Mppx } from '../../peers/mppx.ts';
import { openSeller } from './mppx-harness.ts';
import { startTempo, type Tempo } from './tempo.ts';
import { tempoChain } from './tempo-chain.ts';

const CENT_ATOMIC = 10_000n;
let tempo: Tempo;
let seller: Awaited<ReturnType<typeof openSeller>>;
let payee: Hex;
let mppx: Mppx;

beforeAll(async () => {
  [tempo, mppx] = await Promise.all([startTempo({ port: 0 }), loadMppx()]);
  const { account, client } = await newClient();
  payee = account.address;
  const paidIn = { currency: tempo.currency, chainId: tempo.chainId, getClient: () => client };
  seller = await openSeller(({ tempo: methods, Store }) => [
    methods.charge({ ...paidIn, recipient: payee }),
    methods.session({ ...paidIn, account, store: Store.memory() }),
  ]);
});
afterAll(async () => {
  await seller.close();
  await tempo.close();
});

/** Somebody with dollars for fees and calls, who has approved nothing. */
async function newClient() {
  const account = privateKeyToAccount(generatePrivateKey());
  await tempo.fund(account.address, 50_000_000n);
  const transport = http(tempo.rpcUrl);
  const chain = tempoChain(tempo.rpcUrl);
  return { account, client: createClient({ account, chain, transport, pollingInterval: 50 }).extend(publicActions) };
}

describe('mppx, unmodified, on the local Tempo', () => {
  it.each(['pull', 'push'] as const)('pays a charge (%s)', async (mode) => {
    const { account, client } = await newClient();
    const { Mppx, tempo: methods } = mppx.client;
    const pay = Mppx.create({ polyfill: false, methods: [methods.charge({ account, mode, getClient: () => client })] });
    const before = await tempo.balanceOf(payee);
    const response = await pay.fetch(`${seller.url}/charge`);
    expect(response.status).toBe(200);
    expect(response.headers.get('payment-receipt')).not.toBeNull();
    expect((await tempo.balanceOf(payee)) - before).toBe(CENT_ATOMIC);
  });

  it('opens a session, pays calls by vouchers, and closes it', async () => {
    const { account, client } = await newClient();
    const session = mppx.client.tempo.session.manager({ account, client, maxDeposit: '1' });
    for (let call = 0; call < 4; call += 1) expect((await session.fetch(`${seller.url}/session`)).status).toBe(200);
    expect(await tempo.balanceOf(tempo.escrow)).toBe(1_000_000n);
    const [sellerBefore, payerBefore] = [await tempo.balanceOf(payee), await tempo.balanceOf(account.address)];
    expect(await session.close()).toMatchObject({ acceptedCumulative: String(4n * CENT_ATOMIC) });
    expect((await tempo.balanceOf(account.address)) - payerBefore).toBe(1_000_000n - 4n * CENT_ATOMIC);
    expect(await tempo.balanceOf(tempo.escrow)).toBe(0n);
    // Who closes pays the fee.
    const earned = (await tempo.balanceOf(payee)) - sellerBefore;
    expect(earned).toBeLessThanOrEqual(4n * CENT_ATOMIC);
    expect(earned).toBeGreaterThan(-200_000n);
  });
});
