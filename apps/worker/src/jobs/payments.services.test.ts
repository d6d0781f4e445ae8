import { randomBytes } from 'node:crypto';
import type { PaymentRecord, UsageEvent } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { createX402Desk } from '@tollwright/payments';
import { endForgottenPayments, ingestSpool, recordPayment, unansweredPayments } from '@tollwright/services';
import {
  type Chain,
  insertTenant,
  paymentOf,
  queryOnce,
  startChain,
  type TenantIds,
  usageEventOf,
} from '@tollwright/testing';
import { authorizationTypes } from '@x402/evm';
import { bytesToHex, createWalletClient, type Hex, http, parseAbi } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { baseSepolia } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paymentsQueue, resolvePayment } from './payments.ts';
import { type JobsHarness, openJobsHarness } from './services-harness.ts';

const network = 'eip155:84532';

let harness: JobsHarness;
let { database, gateway, services, errors } = {} as JobsHarness;
let chain: Chain;
let acme: TenantIds;

beforeAll(async () => {
  chain = await startChain({ port: 0 });
  harness = await openJobsHarness([`127.0.0.1:${chain.port}`]);
  ({ database, gateway, services, errors } = harness);
  acme = await insertTenant(database.url, 'acme');
});

afterAll(() => Promise.all([harness.close(), chain.close()]));

const desks = (rpcUrls = new Map([[network, chain.rpcUrl]])) => [
  createX402Desk({ rpcUrls, fetch: services.ctx.egress.fetch }, async () => null),
];

/** A claimed payment that its gateway left in `state`, in the store. */
async function left(state: PaymentRecord['state'], override: Partial<PaymentRecord> = {}): Promise<PaymentRecord> {
  const nonce = bytesToHex(randomBytes(32));
  const payer = chain.accounts[2]?.address ?? '0x';
  const now = new Date();
  const record = paymentOf(acme, {
    state: 'claimed',
    version: 1,
    nonce,
    payer,
    payTo: chain.accounts[1]?.address ?? '0x',
    asset: chain.usdc,
    claimKey: `x402:${network}:${chain.usdc}:${payer}:${nonce}`,
    transaction: null,
    occurredAt: now.toISOString(),
    validBefore: new Date(now.getTime() + 300_000).toISOString(),
    ...override,
  });
  await gateway.claims.claim(record, { callId: nonce, spoolId: 'spl_1', requestHash: nonce });
  const moved = { ...record, state, version: 2 };
  await gateway.claims.move(record.claimKey, { state: 'claimed', version: 1 }, moved);
  return moved;
}

/** Sends the authorization itself, as a facilitator whose answer was lost would have. */
async function settleOnChain(payment: PaymentRecord): Promise<Hex> {
  const payer = chain.accounts[2];
  const sender = chain.accounts[0];
  if (payer === undefined || sender === undefined) throw new Error('the chain has ten accounts');
  await chain.mint(payer.address, 1_000_000n);
  const message = {
    from: payer.address,
    to: payment.payTo as Hex,
    value: BigInt(payment.amountAtomic),
    validAfter: 0n,
    validBefore: BigInt(Math.floor(Date.parse(payment.validBefore) / 1000)),
    nonce: payment.nonce as Hex,
  };
  const signature = await privateKeyToAccount(payer.privateKey).signTypedData({
    domain: { name: 'USDC', version: '2', chainId: chain.chainId, verifyingContract: chain.usdc },
    types: authorizationTypes,
    primaryType: 'TransferWithAuthorization',
    message,
  });
  const wallet = createWalletClient({
    account: privateKeyToAccount(sender.privateKey),
    chain: baseSepolia,
    transport: http(chain.rpcUrl),
  });
  return wallet.writeContract({
    address: chain.usdc,
    abi: parseAbi([
      'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
    ]),
    functionName: 'transferWithAuthorization',
    args: [message.from, message.to, message.value, message.validAfter, message.validBefore, message.nonce, signature],
  });
}

/** The worker's means, as they are when it is stopped before it reaches one of its stores. */
function withoutStore(store: 'claims' | 'payments'): typeof services.ctx {
  const { ctx } = services;
  const move = () => Promise.reject(new Error('stopped'));
  if (store === 'claims') return { ...ctx, state: { ...ctx.state, claims: { ...ctx.state.claims, move } } };
  const db = new Proxy(ctx.db, { get: (target, name) => (name === '$transaction' ? move : Reflect.get(target, name)) });
  return { ...ctx, db };
}

async function stored(paymentId: string) {
  const [payment] = await queryOnce(database.url, 'SELECT state, transaction_hash FROM payment WHERE id = $1', [
    paymentId,
  ]);
  const [revenue] = await queryOnce<{ earned: string }>(
    database.url,
    `SELECT -p.amount_nano_usd AS earned FROM ledger_transfer t JOIN ledger_posting p ON p.transfer_id = t.id
     JOIN ledger_account a ON a.id = p.account_id WHERE t.reference = $1 AND a.kind = 'revenue'`,
    [`payment:${paymentId}`],
  );
  return { ...payment, earned: revenue?.earned ?? null };
}

async function incidentsOf(paymentId: string) {
  return queryOnce(
    database.url,
    "SELECT customer_id, detail FROM incident WHERE kind = 'unanswered-payment' AND detail ->> 'paymentId' = $1",
    [paymentId],
  );
}

/** The event of the call that was paid for, as its gateway or a successor wrote it. */
async function called(payment: PaymentRecord, override: Partial<UsageEvent>): Promise<void> {
  const { paymentId, requestId } = payment;
  const spoolId = `spl_${paymentId}`;
  const event = usageEventOf(acme, { paymentId, requestId, customerId: null, agentId: null, keyId: null, ...override });
  await gateway.inbox.append(spoolId, [{ sequence: 1, item: { kind: 'usage', event } }]);
  await ingestSpool(services.ctx, spoolId);
}

describe('resolvePayment', () => {
  it('finds the transaction of an unknown settlement and posts it once', async () => {
    const payment = await left('unknown');
    const transaction = await settleOnChain(payment);
    expect(await resolvePayment(services.ctx, desks(), { record: payment, abandoned: false })).toBe('settled');
    const expected = { state: 'settled', transaction_hash: transaction, earned: '10000000' };
    expect(await stored(payment.paymentId)).toEqual(expected);
    expect(await gateway.claims.get(payment.claimKey)).toMatchObject({ state: 'settled', version: 3, transaction });
    expect(await resolvePayment(services.ctx, desks(), { record: payment, abandoned: false })).toBe('waiting');
    expect(await stored(payment.paymentId)).toEqual(expected);
  });

  it('waits while the authorization is unused and may still be used', async () => {
    const payment = await left('unknown');
    expect(await resolvePayment(services.ctx, desks(), { record: payment, abandoned: false })).toBe('waiting');
    expect(await gateway.claims.get(payment.claimKey)).toMatchObject({ state: 'unknown', version: 2 });
  });

  it('fails an authorization that ended unused, by the chain’s own clock', async () => {
    const payment = await left('unknown', { validBefore: new Date(Date.now() - 1_000).toISOString() });
    await chain.mine();
    expect(await resolvePayment(services.ctx, desks(), { record: payment, abandoned: false })).toBe('failed');
    expect(await stored(payment.paymentId)).toEqual({ state: 'failed', transaction_hash: null, earned: null });
  });

  it('leaves a settlement that has just begun to its gateway', async () => {
    const payment = await left('settling');
    await settleOnChain(payment);
    expect(await resolvePayment(services.ctx, desks(), { record: payment, abandoned: false })).toBe('waiting');
    // Whoever looks later finds nothing of it.
    expect(await resolvePayment(services.ctx, desks(), { record: payment, abandoned: true })).toBe('settled');
    const hung = await left('settling', { occurredAt: new Date(Date.now() - 120_000).toISOString() });
    await settleOnChain(hung);
    expect(await resolvePayment(services.ctx, desks(), { record: hung, abandoned: false })).toBe('settled');
  });

  it('resolves a settlement at once when the spool of its gateway is closed; nobody was answered, and the provider is told', async () => {
    const payment = await left('settling');
    const transaction = await settleOnChain(payment);
    await called(payment, { decision: 'interrupted', status: 0 });
    const abandoned = { record: payment, abandoned: true };
    expect(await resolvePayment(services.ctx, desks(), abandoned)).toBe('settled');
    expect(await gateway.claims.get(payment.claimKey)).toMatchObject({
      ...{ state: 'settled', transaction, reason: 'settled_without_answer' },
    });
    const { paymentId, requestId, payer } = payment;
    const detail = { paymentId, requestId, payer, transaction, priceNanoUsd: '10000000' };
    expect(await incidentsOf(paymentId)).toEqual([{ customer_id: null, detail }]);
  });

  it('keeps what was served on trust: its answer had gone out before it was settled, whatever its event says', async () => {
    for (const state of ['served', 'settling'] as const) {
      const payment = await left(state, { settles: 'optimistic' });
      await settleOnChain(payment);
      await called(payment, { decision: 'interrupted', status: 0 });
      expect(await resolvePayment(services.ctx, desks(), { record: payment, abandoned: true })).toBe('settled');
      expect(await gateway.claims.get(payment.claimKey)).toMatchObject({ state: 'settled', reason: null });
      expect(await incidentsOf(payment.paymentId)).toEqual([]);
    }
    const settled = (await unansweredPayments(services.ctx)).filter(({ settles }) => settles === 'optimistic');
    expect(settled).toEqual([]);
  });

  it('gives back what nobody had served on trust yet, and somebody else settled', async () => {
    const payment = await left('claimed', { settles: 'optimistic' });
    await settleOnChain(payment);
    await called(payment, { decision: 'interrupted', status: 0 });
    expect(await resolvePayment(services.ctx, desks(), { record: payment, abandoned: true })).toBe('settled');
    expect(await incidentsOf(payment.paymentId)).toHaveLength(1);
    const found = await unansweredPayments(services.ctx);
    expect(found.map(({ paymentId }) => paymentId)).toContain(payment.paymentId);
  });

  it('takes back that nobody was answered when the event of the answer comes after all', async () => {
    const payment = await left('settling');
    await settleOnChain(payment);
    await resolvePayment(services.ctx, desks(), { record: payment, abandoned: true });
    const open = `SELECT count(*)::int AS n FROM incident
      WHERE kind = 'unanswered-payment' AND resolved_at IS NULL AND detail ->> 'paymentId' = $1`;
    expect(await queryOnce(database.url, open, [payment.paymentId])).toEqual([{ n: 1 }]);
    await called(payment, { decision: 'forwarded', status: 200 });
    expect(await queryOnce(database.url, open, [payment.paymentId])).toEqual([{ n: 0 }]);
  });

  it('grants the credit that a dead gateway sold, once, and tells nobody of a call', async () => {
    const topUp = { customerId: acme.customerId, agentId: null, creditNanoUsd: nanoUsd(12_000_000n) };
    const payment = await left('settling', { topUp });
    await settleOnChain(payment);
    const abandoned = { record: payment, abandoned: true };
    const both = await Promise.all([1, 2].map(() => resolvePayment(services.ctx, desks(), abandoned)));
    expect(both.sort()).toEqual(['settled', 'waiting']);
    const rows = await queryOnce(
      database.url,
      'SELECT customer_id, amount_nano_usd, paid_nano_usd FROM credit_grant WHERE payment_id = $1',
      [payment.paymentId],
    );
    const granted = { amount_nano_usd: '12000000', paid_nano_usd: '10000000' };
    expect(rows).toEqual([{ customer_id: acme.customerId, ...granted }]);
    expect(await gateway.claims.get(payment.claimKey)).toMatchObject({ state: 'settled', reason: null });
    expect(await incidentsOf(payment.paymentId)).toEqual([]);
  });

  it('tells of a settlement that was unknown once, and of none whose call was answered', async () => {
    const unknown = await left('unknown');
    await settleOnChain(unknown);
    await called(unknown, { status: 503 });
    const answered = await left('settling', { occurredAt: new Date(Date.now() - 120_000).toISOString() });
    await settleOnChain(answered);
    await called(answered, { status: 200 });
    for (const record of [unknown, unknown, answered]) {
      await resolvePayment(services.ctx, desks(), { record, abandoned: false });
    }
    expect(await incidentsOf(unknown.paymentId)).toHaveLength(1);
    expect(await incidentsOf(answered.paymentId)).toEqual([]);
    expect(await gateway.claims.get(answered.claimKey)).toMatchObject({ state: 'settled', reason: null });
  });

  it('stopped between its two stores, it ends what it began when it runs again', async () => {
    const payment = await left('unknown');
    const transaction = await settleOnChain(payment);
    for (const store of ['claims', 'payments'] as const) {
      await expect(resolvePayment(withoutStore(store), desks(), { record: payment, abandoned: false })).rejects.toThrow(
        'stopped',
      );
    }
    const [job] = paymentsQueue(services.ctx, desks()).jobs;
    expect(await job?.run()).toMatchObject({ settled: 1 });
    expect(await stored(payment.paymentId)).toMatchObject({ transaction_hash: transaction, earned: '10000000' });
    expect(await gateway.claims.get(payment.claimKey)).toMatchObject({ state: 'settled', version: 3 });
  });

  it('a payment that fails to move keeps no other waiting', async () => {
    const [stuck, payment] = [await left('unknown'), await left('unknown')];
    for (const each of [stuck, payment]) await settleOnChain(each);
    const { claims } = services.ctx.state;
    const move: typeof claims.move = (claimKey, ...rest) =>
      claimKey === stuck.claimKey ? Promise.reject(new Error('refused')) : claims.move(claimKey, ...rest);
    const ctx = { ...services.ctx, state: { ...services.ctx.state, claims: { ...claims, move } } };
    const [job] = paymentsQueue(ctx, desks()).jobs;
    expect(await job?.run()).toMatchObject({ settled: 1 });
    expect(await stored(payment.paymentId)).toMatchObject({ state: 'settled' });
    expect(errors.join('\n')).toContain(`resolve payment ${stuck.paymentId}: Error: refused`);
    const [next] = paymentsQueue(services.ctx, desks()).jobs;
    expect(await next?.run()).toMatchObject({ settled: 1 });
  });

  it('asks for help, and moves nothing, on a network without an address', async () => {
    const payment = await left('unknown');
    expect(await resolvePayment(services.ctx, desks(new Map()), { record: payment, abandoned: false })).toBe('waiting');
    expect(errors.join('\n')).toContain(`no RPC address for ${network}`);
  });

  it('the job takes everything that the store calls unresolved', async () => {
    const payment = await left('unknown');
    await settleOnChain(payment);
    const [job] = paymentsQueue(services.ctx, desks()).jobs;
    expect(await job?.run()).toMatchObject({ settled: 1, failed: 0 });
    expect(await stored(payment.paymentId)).toMatchObject({ state: 'settled' });
  });
});

describe('endForgottenPayments', () => {
  const later = () => ({ ...services.ctx, clock: () => Date.now() + 121_000 });
  /** A payment whose gateway told the store of a move and died before it wrote it down. */
  async function untold(state: PaymentRecord['state']): Promise<PaymentRecord> {
    const moved = await left(state);
    const noted = { ...moved, state: 'claimed' as const, version: 1 };
    await recordPayment(services.ctx, noted);
    return noted;
  }

  it('ends what its claim knows to have come to nothing, once it is old enough', async () => {
    const [released, failed, running] = [await untold('released'), await untold('failed'), await untold('settling')];
    expect(await endForgottenPayments(services.ctx)).toBe(0);
    expect(await endForgottenPayments(later())).toBe(2);
    expect(await stored(released.paymentId)).toMatchObject({ state: 'released', earned: null });
    expect(await stored(failed.paymentId)).toMatchObject({ state: 'failed', earned: null });
    expect(await stored(running.paymentId)).toMatchObject({ state: 'claimed' });
    expect(await endForgottenPayments(later())).toBe(0);
  });

  it('ends what was let go and bought something by another attempt, and leaves that alone', async () => {
    const first = await untold('released');
    const again = { ...first, paymentId: `${first.paymentId}_again` };
    await gateway.claims.claim(again, { callId: 'again', spoolId: 'spl_1', requestHash: 'again' });
    await recordPayment(services.ctx, again);
    expect(await endForgottenPayments(later())).toBe(1);
    expect(await stored(first.paymentId)).toMatchObject({ state: 'released' });
    expect(await stored(again.paymentId)).toMatchObject({ state: 'claimed' });
  });
});
