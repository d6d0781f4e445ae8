import { randomBytes } from 'node:crypto';
import type { PaymentRecord, UsageEvent } from '@tollwright/contracts';
import { makeId, nanoUsd, ZERO_USD } from '@tollwright/core';
import { createStripeDesk, createX402Desk, type RailDesk } from '@tollwright/payments';
import {
  dueRefunds,
  ingestSpool,
  openRefundKey,
  openStripeKey,
  recordPayment,
  refundPayment,
  SYSTEM,
  setStripeAccount,
  setWallet,
} from '@tollwright/services';
import { StripeClients } from '@tollwright/stripe';
import {
  type Chain,
  insertTenant,
  paymentOf,
  queryOnce,
  type StripeDouble,
  startChain,
  startStripeDouble,
  type TenantIds,
  usageEventOf,
} from '@tollwright/testing';
import { bytesToHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carryOutRefund, refundsQueue } from './refunds.ts';
import { type JobsHarness, openJobsHarness } from './services-harness.ts';

const network = 'eip155:84532';
const SECRET_KEY = 'sk_live_double_of_refunds';

let harness: JobsHarness;
let { database, gateway, services, errors } = {} as JobsHarness;
let chain: Chain;
let stripe: StripeDouble;
let acme: TenantIds;
let poor: TenantIds;

beforeAll(async () => {
  chain = await startChain({ port: 0 });
  stripe = await startStripeDouble({ port: 0 });
  harness = await openJobsHarness([`127.0.0.1:${chain.port}`]);
  ({ database, gateway, services, errors } = harness);
  [acme, poor] = [await insertTenant(database.url, 'acme'), await insertTenant(database.url, 'poor')];
  const { providerId } = acme;
  const refundKey = account(3).privateKey;
  await chain.mint(account(3).address, 1_000_000n);
  // Accounts and wallets are the portal's to write.
  const portal = harness.openAs('tollwright_portal');
  await setWallet(portal.ctx, SYSTEM, { providerId, network, payTo: account(1).address, refundKey });
  await setStripeAccount(portal.ctx, SYSTEM, { providerId, profile: 'profile_acme', secretKey: SECRET_KEY });
  await portal.close();
});

afterAll(() => Promise.all([harness.close(), chain.close(), stripe.close()]));

function account(index: number) {
  const found = chain.accounts[index];
  if (found === undefined) throw new Error(`no account ${index}`);
  return found;
}

function desks(): RailDesk[] {
  const { ctx } = services;
  const nodes = { rpcUrls: new Map([[network, chain.rpcUrl]]), fetch: ctx.egress.fetch };
  const clients = new StripeClients({ url: stripe.url, timeoutMs: 20_000 });
  return [
    createX402Desk(nodes, (payment) => openRefundKey(ctx, payment)),
    createStripeDesk(async (payment) => {
      const key = await openStripeKey(ctx, payment);
      return key === null ? null : clients.of(key);
    }, ctx.clock),
  ];
}

/** A payment in the store and in Postgres, as its gateway left it. */
async function left(state: 'settled' | 'refunding', override: Partial<PaymentRecord> = {}, tenant = acme) {
  const nonce = bytesToHex(randomBytes(32));
  const payer = bytesToHex(randomBytes(20));
  const record = paymentOf(tenant, {
    paymentId: makeId('payment', Date.now(), randomBytes(10)),
    ...{ state: 'claimed', version: 1, nonce, payer, payTo: account(1).address, asset: chain.usdc },
    ...{ claimKey: `x402:${network}:${chain.usdc}:${payer}:${nonce}`, reason: null },
    ...override,
  });
  const { claims } = gateway;
  await claims.claim(record, { callId: nonce, spoolId: 'spl_1', requestHash: nonce });
  const moved: PaymentRecord = { ...record, state, version: 2 };
  await claims.move(record.claimKey, { state: 'claimed', version: 1 }, moved);
  await recordPayment(services.ctx, moved);
  return moved;
}

/** Again, as the worker does, while something that was sent is in no block yet. */
async function runJob(): Promise<unknown> {
  const counts = await refundsQueue(services.ctx, desks()).jobs[0]?.run();
  const sent = await queryOnce(database.url, "SELECT 1 FROM refund WHERE state = 'signed'");
  return sent.length === 0 ? counts : runJob();
}

async function stored(paymentId: string) {
  const [payment] = await queryOnce<{ state: string }>(database.url, 'SELECT state FROM payment WHERE id = $1', [
    paymentId,
  ]);
  const refunds = await queryOnce<{ id: string; state: string; amount_atomic: string; transaction_hash: string }>(
    database.url,
    'SELECT id, state, amount_atomic, transaction_hash FROM refund WHERE payment_id = $1 ORDER BY id',
    [paymentId],
  );
  const postings = await queryOnce<{ kind: string; sum: string }>(
    database.url,
    `SELECT a.kind::text AS kind, sum(p.amount_nano_usd)::text AS sum FROM ledger_transfer t
     JOIN ledger_posting p ON p.transfer_id = t.id JOIN ledger_account a ON a.id = p.account_id
     WHERE t.reference = $1 OR t.reference = ANY($2) GROUP BY a.kind ORDER BY a.kind::text`,
    [`payment:${paymentId}`, refunds.map(({ id }) => `refund:${id}`)],
  );
  return { state: payment?.state, refunds, postings: Object.fromEntries(postings.map(({ kind, sum }) => [kind, sum])) };
}

describe('a payment that was taken and not earned', () => {
  it('goes back to its payer on the chain, once, and the books say so', async () => {
    const payment = await left('refunding', { roundingNanoUsd: nanoUsd(500n), priceNanoUsd: nanoUsd(9_999_500n) });
    expect(await runJob()).toMatchObject({ refunded: 1 });
    expect(await chain.balanceOf(payment.payer as `0x${string}`)).toBe(10_000n);
    const after = await stored(payment.paymentId);
    expect(after).toMatchObject({ state: 'refunded', refunds: [{ state: 'refunded', amount_atomic: '10000' }] });
    expect(after.postings).toEqual({ clearing_x402: '0', refunds: '9999500', revenue: '-9999500', rounding: '0' });
    expect(await services.ctx.state.claims.get(payment.claimKey)).toMatchObject({ state: 'refunded' });
    expect(await runJob()).toBeNull();
    expect(await chain.balanceOf(payment.payer as `0x${string}`)).toBe(10_000n);
  });

  it('goes back once also where the worker dies after it was sent', async () => {
    const payment = await left('refunding');
    const [refund] = (await dueRefunds(services.ctx)).filter((due) => due.payment.paymentId === payment.paymentId);
    if (refund === undefined) throw new Error('nothing is due');
    const dying = desks().map((desk) => ({
      ...desk,
      refunds: {
        ...desk.refunds,
        send: async (...sent: Parameters<RailDesk['refunds']['send']>) => {
          await desk.refunds.send(...sent);
          throw new Error('dead');
        },
      },
    }));
    await expect(carryOutRefund(services.ctx, dying, refund)).rejects.toThrow('dead');
    expect((await stored(payment.paymentId)).refunds).toMatchObject([{ state: 'signed' }]);
    expect(await chain.balanceOf(payment.payer as `0x${string}`)).toBe(10_000n);
    // A second worker that still holds the plan signs another transaction, and must not send it.
    await expect(carryOutRefund(services.ctx, desks(), refund)).rejects.toThrow('another worker');
    expect(await runJob()).toMatchObject({ refunded: 1 });
    expect(await chain.balanceOf(payment.payer as `0x${string}`)).toBe(10_000n);
  });

  it('goes back by a refund at Stripe, once', async () => {
    const client = new StripeClients({ url: stripe.url }).of(SECRET_KEY);
    const intent = await client.paymentIntents.create({
      ...{ amount: 60, currency: 'usd', confirm: true, payment_method: 'pm_card_visa' },
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
    const payment = await left('refunding', {
      ...{ rail: 'stripe', scheme: 'charge', network: 'stripe', asset: 'usd', payTo: 'profile_acme', payer: '' },
      ...{ amountAtomic: '60', priceNanoUsd: nanoUsd(600_000_000n), roundingNanoUsd: ZERO_USD, transaction: intent.id },
      claimKey: `stripe:${randomBytes(8).toString('hex')}`,
    });
    // Its answer is lost the first time.
    stripe.faults.add({ act: 'error', when: 'after', status: 500, count: 1, method: 'POST', path: '^/v1/refunds$' });
    expect(await runJob()).toBeNull();
    expect(await runJob()).toMatchObject({ refunded: 1 });
    const { data } = await client.refunds.list({ payment_intent: intent.id });
    expect(data.map(({ amount, metadata }) => [amount, metadata?.tollwright_payment])).toEqual([
      [60, payment.paymentId],
    ]);
    const after = await stored(payment.paymentId);
    expect(after).toMatchObject({ state: 'refunded', refunds: [{ transaction_hash: data[0]?.id }] });
    expect(after.postings).toEqual({ clearing_stripe: '0', refunds: '600000000', revenue: '-600000000' });
  });

  it('waits, and says why, where nobody can send it', async () => {
    const payment = await left('refunding', {}, poor);
    expect(await runJob()).toBeNull();
    expect(errors.join('\n')).toContain(`refund of ${payment.paymentId}: Error: no key that gives tokens back`);
    expect(await stored(payment.paymentId)).toMatchObject({ state: 'refunding', refunds: [{ state: 'planned' }] });
  });
});

/** What is told of the call that a payment was for: how its event ended, or that no event is there yet. */
async function called(payment: PaymentRecord, event: Partial<UsageEvent>): Promise<void> {
  const { paymentId, requestId, providerId } = payment;
  const spoolId = `spl_${paymentId}`;
  const tenant = providerId === acme.providerId ? acme : poor;
  const base = usageEventOf(tenant, { paymentId, requestId, customerId: null, agentId: null, keyId: null, ...event });
  await gateway.inbox.append(spoolId, [{ sequence: 1, item: { kind: 'usage', event: base } }]);
  await ingestSpool(services.ctx, spoolId);
}

const INTERRUPTED = { decision: 'interrupted', status: 0 } as const;

async function openIncidents(paymentId: string): Promise<number> {
  const rows = await queryOnce(
    database.url,
    "SELECT 1 FROM incident WHERE detail ->> 'paymentId' = $1 AND resolved_at IS NULL",
    [paymentId],
  );
  return rows.length;
}

describe('a payment that was settled while nobody was served', () => {
  it('goes back without being asked, once, and its incident is over', async () => {
    const payment = await left('settled', { requestId: 'req_cut' });
    await called(payment, INTERRUPTED);
    expect(await runJob()).toMatchObject({ refunded: 1 });
    expect(await runJob()).toBeNull();
    expect(await stored(payment.paymentId)).toMatchObject({ state: 'refunded', refunds: [{ state: 'refunded' }] });
    expect(await chain.balanceOf(payment.payer as `0x${string}`)).toBe(10_000n);
    const claim = await services.ctx.state.claims.get(payment.claimKey);
    expect(claim).toMatchObject({ state: 'refunded', reason: 'settled_without_answer' });
    expect(await openIncidents(payment.paymentId)).toBe(0);
  });

  it.each([
    ['its call was answered', { decision: 'forwarded', status: 200 }, 'acme', 0],
    ['nobody knows yet how its call ended', null, 'acme', 1],
    ['nobody can send it', INTERRUPTED, 'poor', 1],
    ['a channel was settled', INTERRUPTED, 'session', 1],
    ['it bought credit', INTERRUPTED, 'credit', 1],
    ['somebody has resolved its incident', INTERRUPTED, 'resolved', 0],
  ] as const)('stays settled where %s', async (what, event, how, incidents) => {
    const creditNanoUsd = nanoUsd(10_000_000n);
    const bought = { customerId: acme.customerId, agentId: null, creditNanoUsd };
    const of: Partial<PaymentRecord> =
      how === 'session' ? { scheme: 'session' } : how === 'credit' ? { topUp: bought } : {};
    const payment = await left('settled', { requestId: `req_${what}`, ...of }, how === 'poor' ? poor : acme);
    if (event !== null) await called(payment, event);
    if (how === 'resolved') await queryOnce(database.url, 'UPDATE incident SET resolved_at = now()');
    await runJob();
    expect(await stored(payment.paymentId)).toMatchObject({ state: 'settled', refunds: [] });
    expect(await openIncidents(payment.paymentId)).toBe(incidents);
  });

  it('is `refunded` at last where the worker dies between the claim and the record', async () => {
    const payment = await left('settled', { requestId: 'req_cut_late' });
    await called(payment, INTERRUPTED);
    const { db } = services.ctx;
    let moved = false;
    const claims: typeof services.ctx.state.claims = {
      ...services.ctx.state.claims,
      move: async (...change) => {
        const reply = await services.ctx.state.claims.move(...change);
        moved = change[2].state === 'refunded';
        return reply;
      },
    };
    const dying = new Proxy(db, {
      get: (target, name) => {
        if (moved && name === '$transaction') return () => Promise.reject(new Error('dead'));
        return Reflect.get(target, name);
      },
    });
    await refundsQueue(
      { ...services.ctx, db: dying, state: { ...services.ctx.state, claims } },
      desks(),
    ).jobs[0]?.run();
    expect(moved).toBe(true);
    expect((await stored(payment.paymentId)).state).toBe('refunding');
    await runJob();
    expect(await stored(payment.paymentId)).toMatchObject({ state: 'refunded', refunds: [{ state: 'refunded' }] });
    expect(await chain.balanceOf(payment.payer as `0x${string}`)).toBe(10_000n);
  });
});

describe('a refund by hand', () => {
  const ask = (paymentId: string, amountAtomic?: string) => {
    const asked = { providerId: acme.providerId, paymentId, reason: 'as asked' };
    return refundPayment(services.ctx, SYSTEM, amountAtomic === undefined ? asked : { ...asked, amountAtomic });
  };

  it('of a part leaves the payment settled; the rest can follow, and no more than that', async () => {
    const { paymentId, payer } = await left('settled');
    await ask(paymentId, '4000');
    await expect(ask(paymentId, '6001')).rejects.toMatchObject({ problem: { slug: 'invalid-input' } });
    expect(await runJob()).toMatchObject({ refunded: 1 });
    expect((await stored(paymentId)).state).toBe('settled');
    await ask(paymentId);
    expect(await runJob()).toMatchObject({ refunded: 1 });
    const after = await stored(paymentId);
    expect([after.state, after.refunds.map(({ amount_atomic }) => amount_atomic)]).toEqual([
      'refunded',
      ['4000', '6000'],
    ]);
    expect(await chain.balanceOf(payer as `0x${string}`)).toBe(10_000n);
    await expect(ask(paymentId)).rejects.toMatchObject({ problem: { slug: 'conflict' } });
  });

  it('ten at once give the payment back once', async () => {
    const { paymentId, payer, claimKey } = await left('settled');
    const asked = await Promise.allSettled(Array.from({ length: 10 }, () => ask(paymentId)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await runJob();
    expect(await services.ctx.state.claims.get(claimKey)).toMatchObject({ state: 'refunded' });
    expect(await chain.balanceOf(payer as `0x${string}`)).toBe(10_000n);
    expect(await stored(paymentId)).toMatchObject({ state: 'refunded', refunds: [{ state: 'refunded' }] });
  });
});
