import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Channel } from 'ox/tempo';
import { createClient, encodeFunctionData, type Hex, http, parseEventLogs, publicActions, zeroAddress } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { prepareTransactionRequest, sendRawTransactionSync, signTransaction, writeContractSync } from 'viem/actions';
import { Abis } from 'viem/tempo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTempo, type Tempo } from './tempo.ts';
import { tempoChain } from './tempo-chain.ts';

const FUNDS_ATOMIC = 50_000_000n;
const DEPOSIT_ATOMIC = 1_000_000n;
let tempo: Tempo;

beforeAll(async () => {
  tempo = await startTempo({ port: 0 });
});
afterAll(() => tempo.close());

function clientOf(privateKey: Hex) {
  const account = privateKeyToAccount(privateKey);
  const transport = http(tempo.rpcUrl);
  return createClient({ account, chain: tempoChain(tempo.rpcUrl), transport, pollingInterval: 50 }).extend(
    publicActions,
  );
}

async function newClient() {
  const client = clientOf(generatePrivateKey());
  await tempo.fund(client.account.address, FUNDS_ATOMIC);
  return client;
}

type TempoClient = Awaited<ReturnType<typeof newClient>>;

/** A transaction that its payer signs and somebody else broadcasts, as mppx's clients make it. */
async function signed(client: TempoClient, to: Hex, data: Hex): Promise<Hex> {
  const request = { calls: [{ to, data }], nonceKey: 'expiring', feeToken: tempo.currency };
  const prepared = await prepareTransactionRequest(client, request as never);
  return (await signTransaction(client, prepared as never)) as Hex;
}

const broadcast = async (raw: Hex) =>
  sendRawTransactionSync(clientOf(generatePrivateKey()), { serializedTransaction: raw as never });

describe('tempo: charge', () => {
  it('moves a payment that its payer signed and the seller broadcast, once', async () => {
    const [payer, seller] = [await newClient(), privateKeyToAccount(generatePrivateKey()).address];
    const data = encodeFunctionData({ abi: Abis.tip20, functionName: 'transfer', args: [seller, 10_000n] });
    const raw = await signed(payer, tempo.currency, data);
    expect(await broadcast(raw)).toMatchObject({ status: 'success' });
    const left = await tempo.balanceOf(payer.account.address);
    expect(await tempo.balanceOf(seller)).toBe(10_000n);
    // The payer also paid the fee, in the same token.
    expect(left).toBeLessThan(FUNDS_ATOMIC - 10_000n);
    expect(left).toBeGreaterThan(FUNDS_ATOMIC - 200_000n);

    await broadcast(raw).catch(() => undefined);
    expect(await tempo.balanceOf(seller)).toBe(10_000n);
    expect(await tempo.balanceOf(payer.account.address)).toBe(left);
  });

  it('takes two payments that say the same in one second', async () => {
    const [payer, seller] = [await newClient(), privateKeyToAccount(generatePrivateKey()).address];
    const data = encodeFunctionData({ abi: Abis.tip20, functionName: 'transfer', args: [seller, 500n] });
    const both = [await signed(payer, tempo.currency, data), await signed(payer, tempo.currency, data)];
    for (const raw of both) expect(await broadcast(raw)).toMatchObject({ status: 'success' });
    expect(await tempo.balanceOf(seller)).toBe(1_000n);
  });
});

describe('tempo: channels', () => {
  const reserveAbi = Abis.tip20ChannelReserve;
  const salt = () => generatePrivateKey();
  const seller = () => clientOf(tempo.accounts[1]?.privateKey as Hex);

  /** Opens a channel to the seller, as a client of sessions does, without any allowance. */
  async function open(payer: TempoClient) {
    const payee = seller().account.address;
    const args = [payee, zeroAddress, tempo.currency, DEPOSIT_ATOMIC, salt(), zeroAddress] as const;
    const data = encodeFunctionData({ abi: reserveAbi, functionName: 'open', args });
    const { logs, status } = await broadcast(await signed(payer, tempo.escrow, data));
    expect(status).toBe('success');
    const [opened] = parseEventLogs({ abi: reserveAbi, logs, eventName: 'ChannelOpened' });
    if (opened === undefined) throw new Error('no channel was opened');
    const { channelId, deposit, ...descriptor } = opened.args;
    expect(deposit).toBe(DEPOSIT_ATOMIC);
    return { channelId, descriptor };
  }

  const voucher = (payer: TempoClient, channelId: Hex, cumulativeAmount: bigint) => {
    const chainId = tempo.chainId;
    return payer.account.sign({ hash: Channel.getVoucherSignPayload({ chainId, channelId, cumulativeAmount }) });
  };
  const stateOf = (channelId: Hex) =>
    seller().readContract({
      address: tempo.escrow,
      abi: reserveAbi,
      functionName: 'getChannelState',
      args: [channelId],
    });
  /** A call that the account signs and sends itself. */
  const call = (
    client: TempoClient,
    functionName: 'settle' | 'close' | 'topUp' | 'requestClose' | 'withdraw',
    args: readonly unknown[],
  ) => writeContractSync(client, { address: tempo.escrow, abi: reserveAbi, functionName, args } as never);

  it('opens, settles what vouchers say, and closes with the rest paid back', async () => {
    const payer = await newClient();
    const { channelId, descriptor } = await open(payer);
    expect(Channel.computeId(descriptor, { chainId: tempo.chainId })).toBe(channelId);
    expect(BigInt(descriptor.expiringNonceHash)).not.toBe(0n);
    const payee = descriptor.payee;
    const sellerBefore = await tempo.balanceOf(payee);
    const payerBefore = await tempo.balanceOf(payer.account.address);

    const first = await voucher(payer, channelId, 30_000n);
    await expect(call(seller(), 'settle', [descriptor, 30_001n, first])).rejects.toThrow('InvalidSignature');
    await expect(call(payer, 'settle', [descriptor, 30_000n, first])).rejects.toThrow('NotPayeeOrOperator');
    expect(await call(seller(), 'settle', [descriptor, 30_000n, first])).toMatchObject({ status: 'success' });
    expect(await stateOf(channelId)).toEqual({ settled: 30_000n, deposit: DEPOSIT_ATOMIC, closeRequestedAt: 0 });
    await expect(call(seller(), 'settle', [descriptor, 30_000n, first])).rejects.toThrow('AmountNotIncreasing');

    const last = await voucher(payer, channelId, 100_000n);
    const closed = await call(seller(), 'close', [descriptor, 100_000n, 80_000n, last]);
    const [event] = parseEventLogs({ abi: reserveAbi, logs: closed.logs, eventName: 'ChannelClosed' });
    expect(event?.args).toMatchObject({ settledToPayee: 80_000n, refundedToPayer: DEPOSIT_ATOMIC - 80_000n });
    expect(await stateOf(channelId)).toEqual({ settled: 0n, deposit: 0n, closeRequestedAt: 0 });
    const fees = sellerBefore + 80_000n - (await tempo.balanceOf(payee));
    expect(fees).toBeGreaterThanOrEqual(0n);
    expect(fees).toBeLessThan(200_000n);
    expect(await tempo.balanceOf(payer.account.address)).toBe(payerBefore + DEPOSIT_ATOMIC - 80_000n);
    expect(await tempo.balanceOf(tempo.escrow)).toBe(0n);
  });

  it('binds every channel to its own transaction, also of openings at once', async () => {
    const payers = await Promise.all([newClient(), newClient(), newClient()]);
    const channels = await Promise.all(payers.map(open));
    expect(new Set(channels.map(({ descriptor }) => descriptor.expiringNonceHash)).size).toBe(3);
    for (const { channelId, descriptor } of channels) {
      expect(Channel.computeId(descriptor, { chainId: tempo.chainId })).toBe(channelId);
    }
  });

  it('lets the payer withdraw after the grace period, and a top-up take the request back', async () => {
    const payer = await newClient();
    const { channelId, descriptor } = await open(payer);
    await call(payer, 'requestClose', [descriptor]);
    await expect(call(payer, 'withdraw', [descriptor])).rejects.toThrow('CloseNotReady');
    await call(payer, 'topUp', [descriptor, 5n]);
    expect(await stateOf(channelId)).toEqual({ settled: 0n, deposit: DEPOSIT_ATOMIC + 5n, closeRequestedAt: 0 });
    await call(payer, 'requestClose', [descriptor]);
    await tempo.mine(15 * 60);
    const withdrawn = await call(payer, 'withdraw', [descriptor]);
    const [event] = parseEventLogs({ abi: reserveAbi, logs: withdrawn.logs, eventName: 'ChannelClosed' });
    expect(event?.args).toMatchObject({ settledToPayee: 0n, refundedToPayer: DEPOSIT_ATOMIC + 5n });
  });
});

it('tempo keeps balances over a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollwright-tempo-'));
  const stateFile = join(folder, 'state.json');
  const holder = privateKeyToAccount(generatePrivateKey()).address;
  const first = await startTempo({ port: 0, stateFile });
  await first.fund(holder, 42n);
  await first.close();
  const second = await startTempo({ port: 0, stateFile });
  expect(await second.balanceOf(holder)).toBe(42n);
  await second.close();
  rmSync(folder, { recursive: true });
});
