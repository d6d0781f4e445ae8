import { randomBytes } from 'node:crypto';
import { type ChannelRecord, type PaymentRecord, voucherClaimKey } from '@tollwright/contracts';
import { makeId, nanoUsd } from '@tollwright/core';
import { createTempoDesk, type RailDesk } from '@tollwright/payments';
import { closeChannel, openOperatorKey, recordPayment, SYSTEM, setWallet } from '@tollwright/services';
import {
  insertTenant,
  loadMppx,
  type Mppx,
  queryOnce,
  startTempo,
  type Tempo,
  type TenantIds,
  tempoChain,
} from '@tollwright/testing';
import { deserialize, encodeForSigning } from 'ox/tempo/TxEnvelopeTempo';
import {
  bytesToHex,
  concat,
  createClient,
  encodeFunctionData,
  type Hex,
  http,
  keccak256,
  publicActions,
  walletActions,
} from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { prepareTransactionRequest, signTransaction } from 'viem/actions';
import { Abis } from 'viem/tempo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChannelRules, closeChannels, settleChannels } from './channels.ts';
import { resolvePayment } from './payments.ts';
import { type JobsHarness, openJobsHarness } from './services-harness.ts';

const abi = Abis.tip20ChannelReserve;
const PRICE = 10_000n;
const DEPOSIT = 1_000_000n;
const NEVER: ChannelRules = {
  ...{ settleNanoUsd: 10n ** 18n, settleOfPayerNanoUsd: 10n ** 18n, settleAfterMs: 10 ** 9, idleAfterMs: 10 ** 9 },
};
const unbounded = { channelMaxAtomic: 9_000_000_000_000_000n, payerMaxAtomic: 9_000_000_000_000_000n };

let harness: JobsHarness;
let { database, gateway, services, errors } = {} as JobsHarness;
let tempo: Tempo;
let mppx: Mppx;
let acme: TenantIds;
let desks: RailDesk[];
const operatorKey = generatePrivateKey();
const operator = privateKeyToAccount(operatorKey).address.toLowerCase() as Hex;
const payTo = privateKeyToAccount(generatePrivateKey()).address;

beforeAll(async () => {
  [tempo, mppx] = await Promise.all([startTempo({ port: 0 }), loadMppx()]);
  const { host } = new URL(tempo.rpcUrl);
  harness = await openJobsHarness([host]);
  ({ database, gateway, services, errors } = harness);
  acme = await insertTenant(database.url, 'acme');
  await tempo.fund(operator, 50_000_000n);
  const portal = harness.openAs('tollwright_portal');
  const wallet = { providerId: acme.providerId, network: network(), payTo, refundKey: operatorKey };
  await setWallet(portal.ctx, SYSTEM, wallet);
  await portal.close();
  const { ctx } = services;
  const nodes = { rpcUrls: new Map([[network(), tempo.rpcUrl]]), fetch: ctx.egress.fetch };
  desks = [
    createTempoDesk(
      nodes,
      async () => null,
      (channel) => openOperatorKey(ctx, channel),
    ),
  ];
});
afterAll(async () => {
  await harness?.close();
  await tempo?.close();
});

const network = () => `eip155:${tempo.chainId}`;

/** A channel on the chain and in the store, whose payer signs and asks for whatever is wanted. */
async function openChannel(key = generatePrivateKey()) {
  const account = privateKeyToAccount(key);
  await tempo.fund(account.address, 50_000_000n);
  const chain = tempoChain(tempo.rpcUrl);
  const client = createClient({ account, chain, transport: http(tempo.rpcUrl), pollingInterval: 50 })
    .extend(publicActions)
    .extend(walletActions);
  const payer = account.address.toLowerCase();
  const salt = bytesToHex(randomBytes(32));
  const asset = tempo.currency.toLowerCase();
  const parties = { payer, payee: payTo.toLowerCase(), operator, token: asset, salt, authorizedSigner: payer };
  const args = [payTo, operator, tempo.currency, DEPOSIT, salt, account.address] as const;
  const data = encodeFunctionData({ abi, functionName: 'open', args });
  const request = { calls: [{ to: tempo.escrow, data }], nonceKey: 'expiring', feeToken: tempo.currency };
  const prepared = await prepareTransactionRequest(client, request as never);
  const raw = (await signTransaction(client, prepared as never)) as `0x76${string}`;
  const hash = await client.sendRawTransaction({ serializedTransaction: raw });
  expect((await client.waitForTransactionReceipt({ hash })).status).toBe('success');
  const expiringNonceHash = keccak256(concat([encodeForSigning(deserialize(raw)), account.address]));
  const { Channel, Voucher } = mppx.Session.Precompile;
  const named = { ...parties, expiringNonceHash, escrow: tempo.escrow, chainId: tempo.chainId };
  const channelId = Channel.computeId(named);
  const record: ChannelRecord = {
    ...{ channelKey: `channel:${network()}:${channelId}`, rail: 'tempo', providerId: acme.providerId, livemode: true },
    ...{ network: network(), asset, payer, payTo: payTo.toLowerCase() },
    details: { channelId, operator, salt, authorizedSigner: payer, expiringNonceHash },
  };
  await gateway.channels.open(record, { depositAtomic: DEPOSIT, settledAtomic: 0n });
  const sign = (cumulativeAmount: bigint) =>
    Voucher.signVoucher(
      null,
      mppx.privateKeyToAccount(key),
      { channelId, cumulativeAmount },
      tempo.escrow,
      tempo.chainId,
    );
  return { record, sign, client };
}

type Opened = Awaited<ReturnType<typeof openChannel>>;

/** A call that a gateway claimed by a voucher. */
async function claimed({ record, sign }: Opened, cumulative: bigint): Promise<PaymentRecord> {
  const { channelKey, details } = record;
  const payment: PaymentRecord = {
    ...{ paymentId: makeId('payment', Date.now(), randomBytes(10)), version: 1, state: 'claimed', rail: 'tempo' },
    ...{ scheme: 'session', protocolVersion: 1, claimKey: voucherClaimKey(channelKey, cumulative), livemode: true },
    ...{ providerId: acme.providerId, apiId: 'api_1', routeId: 'rte_1', requestId: `req_${cumulative}` },
    ...{ network: record.network, asset: record.asset, payer: record.payer, payTo: record.payTo },
    ...{ nonce: `${cumulative}`, amountAtomic: `${PRICE}`, priceNanoUsd: nanoUsd(PRICE * 1_000n) },
    ...{ roundingNanoUsd: nanoUsd(0n), feeNanoUsd: nanoUsd(0n), settles: 'after', transaction: null, reason: null },
    ...{ customerId: null, agentId: null, keyId: null, approvalId: null, verifiedAt: null, settledAt: null },
    ...{ validBefore: new Date(Date.now() + 60_000).toISOString(), occurredAt: new Date().toISOString() },
    details: { ...details, cumulative: `${cumulative}`, signature: await sign(cumulative) },
  };
  const request = { callId: `evt_${payment.paymentId}`, spoolId: 'spl_1', requestHash: 'hash' };
  expect(await gateway.channels.claim(payment, request, unbounded)).toMatchObject({ kind: 'claimed' });
  return payment;
}

async function paid(channel: Opened, cumulative: bigint): Promise<PaymentRecord> {
  const payment = await claimed(channel, cumulative);
  const settled: PaymentRecord = { ...payment, state: 'settled', version: 2 };
  await gateway.claims.move(payment.claimKey, payment, settled);
  await recordPayment(services.ctx, settled);
  return settled;
}

const rowOf = async ({ record }: Opened) =>
  (await queryOnce(database.url, `SELECT * FROM payment_channel WHERE id = '${record.channelKey}'`))[0] as
    | Record<string, unknown>
    | undefined;
const settleBy = (rules: Partial<ChannelRules>) => settleChannels(services.ctx, desks, { ...NEVER, ...rules });
const earned = () => tempo.balanceOf(payTo);
const atomicOf = (row: Record<string, unknown> | undefined, name: string) => BigInt(String(row?.[name]));

describe('channels', () => {
  it('are settled by what vouchers are worth, once, and no more than was spent', async () => {
    const channel = await openChannel();
    const before = await earned();
    await paid(channel, PRICE);
    await paid(channel, 2n * PRICE);
    // The payer has signed for three, and had two.
    await paid(channel, 4n * PRICE);
    expect(await settleBy({})).toBeNull();
    expect(await settleBy({ settleNanoUsd: 4n * PRICE * 1_000n })).toBeNull();
    expect(await settleBy({ settleNanoUsd: 3n * PRICE * 1_000n })).toMatchObject({ settled: 1 });
    expect((await earned()) - before).toBe(2n * PRICE);
    expect(await settleBy({ settleNanoUsd: 1n })).toBeNull();
    expect(await gateway.channels.get(channel.record.channelKey)).toMatchObject({
      ...{ state: 'open', spentAtomic: 3n * PRICE, settledAtomic: 2n * PRICE },
    });
    const row = await rowOf(channel);
    expect([atomicOf(row, 'spent_atomic'), atomicOf(row, 'settled_atomic')]).toEqual([3n * PRICE, 2n * PRICE]);
    // What was signed ahead is due once it is spent.
    await paid(channel, 5n * PRICE);
    expect(await settleBy({ settleNanoUsd: 1n })).toMatchObject({ settled: 1 });
    expect((await earned()) - before).toBe(4n * PRICE);
    expect(errors).toEqual([]);
  });

  it('are settled by what all channels of their payer are worth', async () => {
    const key = generatePrivateKey();
    const [one, other] = [await openChannel(key), await openChannel(key)];
    const before = await earned();
    await paid(one, PRICE);
    expect(await settleBy({ settleOfPayerNanoUsd: 2n * PRICE * 1_000n })).toBeNull();
    await paid(other, PRICE);
    expect(await settleBy({ settleOfPayerNanoUsd: 2n * PRICE * 1_000n })).toMatchObject({ settled: 2 });
    expect((await earned()) - before).toBe(2n * PRICE);
    expect(await settleBy({ settleOfPayerNanoUsd: 1n })).toBeNull();
  });

  it('are settled by age', async () => {
    const channel = await openChannel();
    const before = await earned();
    await paid(channel, PRICE);
    expect(await settleBy({ settleAfterMs: 60_000 })).toBeNull();
    expect(await settleBy({ settleAfterMs: 0 })).toMatchObject({ settled: 1 });
    expect((await earned()) - before).toBe(PRICE);
  });

  it('are settled before the grace period of a payer ends who asks the chain to close; no voucher pays any more', async () => {
    const channel = await openChannel();
    await paid(channel, PRICE);
    const running = await claimed(channel, 2n * PRICE);
    const { record } = channel;
    const [before, payerBefore] = [await earned(), await tempo.balanceOf(record.payer as Hex)];
    await askToClose(channel);
    const fee = payerBefore - (await tempo.balanceOf(record.payer as Hex));
    expect(await settleBy({})).toMatchObject({ closing: 1 });
    const next = { ...running, claimKey: voucherClaimKey(record.channelKey, 3n * PRICE) };
    const late = await gateway.channels.claim(
      { ...next, details: { ...next.details, cumulative: `${3n * PRICE}` } },
      { callId: 'evt_late', spoolId: 'spl_1', requestHash: 'hash' },
      unbounded,
    );
    expect(late).toMatchObject({ kind: 'refused', reason: 'closed' });
    // The call under way is waited for, and paid.
    expect(await closeChannels(services.ctx, desks)).toBeNull();
    await gateway.claims.move(running.claimKey, running, { ...running, state: 'settled', version: 2 });
    expect(await closeChannels(services.ctx, desks)).toEqual({ closed: 1, waiting: 0 });
    expect((await earned()) - before).toBe(2n * PRICE);
    const back = (await tempo.balanceOf(record.payer as Hex)) - payerBefore + fee;
    expect(back).toBe(DEPOSIT - 2n * PRICE);
    expect(await rowOf(channel)).toMatchObject({ state: 'closed', transaction_hash: expect.stringMatching(/^0x/) });
  });

  it('that nobody uses give the deposit back, also when nothing was spent', async () => {
    const channel = await openChannel();
    const payment = await claimed(channel, PRICE);
    const released: PaymentRecord = { ...payment, state: 'released', version: 2, reason: 'upstream answered 503' };
    await gateway.claims.move(payment.claimKey, payment, released);
    await recordPayment(services.ctx, released);
    const before = await tempo.balanceOf(channel.record.payer as Hex);
    await settleBy({ idleAfterMs: -1 });
    await closeChannels(services.ctx, desks);
    expect((await tempo.balanceOf(channel.record.payer as Hex)) - before).toBe(DEPOSIT);
    expect(await gateway.channels.get(channel.record.channelKey)).toMatchObject({ state: 'closed', spentAtomic: 0n });
  });

  it('that a person of the provider closes are closed at the next look, and no voucher of them pays any more', async () => {
    const channel = await openChannel();
    const { channelKey, providerId, payer } = channel.record;
    await paid(channel, PRICE);
    await settleBy({});
    expect(await rowOf(channel)).toMatchObject({ state: 'open', deposit_atomic: `${DEPOSIT}` });
    const portal = harness.openAs('tollwright_portal');
    const asked = await closeChannel(portal.ctx, SYSTEM, { providerId, channelKey });
    expect(asked).toMatchObject({ state: 'closing', unsettledAtomic: `${PRICE}`, closesAt: null });
    const before = [await earned(), await tempo.balanceOf(payer as Hex)] as const;
    expect(await settleBy({})).toMatchObject({ closing: 1 });
    expect(await gateway.channels.get(channelKey)).toMatchObject({ state: 'closing' });
    expect(await closeChannels(services.ctx, desks)).toEqual({ closed: 1, waiting: 0 });
    expect((await earned()) - before[0]).toBe(PRICE);
    expect((await tempo.balanceOf(payer as Hex)) - before[1]).toBe(DEPOSIT - PRICE);
    const again = await closeChannel(portal.ctx, SYSTEM, { providerId, channelKey });
    expect(again).toMatchObject({ state: 'closed', transaction: (await rowOf(channel))?.transaction_hash });
    await portal.close();
  });

  it('a worker that died after closing one finds what it did', async () => {
    const channel = await openChannel();
    await paid(channel, PRICE);
    const closing = await gateway.channels.close(channel.record.channelKey, null);
    const act = await desks[0]?.channels?.close(channel.record, closing?.voucher ?? null, PRICE);
    expect(await closeChannels(services.ctx, desks)).toEqual({ closed: 1, waiting: 0 });
    const { transaction } = act as { transaction: string };
    expect(await rowOf(channel)).toMatchObject({
      ...{ state: 'closed', transaction_hash: transaction, deposit_atomic: `${DEPOSIT}` },
    });
  });

  it('a call whose gateway died before it was answered costs nothing, and its voucher pays the next', async () => {
    const channel = await openChannel();
    const payment = await claimed(channel, PRICE);
    const ended = await resolvePayment(services.ctx, desks, { record: payment, abandoned: true });
    expect(ended).toBe('failed');
    const { channelKey } = channel.record;
    expect(await gateway.channels.get(channelKey)).toMatchObject({ spentAtomic: 0n, heldAtomic: 0n });
    await paid(channel, PRICE);
    expect(await gateway.channels.get(channelKey)).toMatchObject({ spentAtomic: PRICE, heldAtomic: 0n });
  });
});

async function askToClose({ client, record }: Opened): Promise<void> {
  const { payer, payTo: payee, asset: token, details } = record;
  const descriptor = { payer, payee, token, ...details };
  const hash = await client.writeContract({
    ...{ address: tempo.escrow, functionName: 'requestClose', gas: 1_000_000n, abi },
    args: [descriptor as never],
  });
  expect((await client.waitForTransactionReceipt({ hash })).status).toBe('success');
}
