import { type InboxItem, type PaymentRecord, toJson, type UsageEvent } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { closeDb, createDb, type Db } from '@tollwright/db';
import { createPostgresState, type StatePort } from '@tollwright/state';
import {
  type FreshDatabase,
  freshDatabase,
  insertTenant,
  paymentOf,
  type TenantIds,
  usageEventOf,
} from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLedger } from '../ledger/check.ts';
import { ingestSpool } from './ingest.ts';
import { ingestContext } from './ingest-harness.ts';

let database: FreshDatabase;
let owner: Db;
let db: Db;
let gateway: StatePort;
let worker: StatePort;
let acme: TenantIds;
let other: TenantIds;
const errors: string[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  owner = createDb({ connectionString: database.url, poolMax: 2 });
  db = createDb({ connectionString: database.urlAs('tollwright_worker'), poolMax: 6 });
  gateway = createPostgresState({ connectionString: database.urlAs('tollwright_gateway') });
  worker = createPostgresState({ connectionString: database.urlAs('tollwright_worker') });
  acme = await insertTenant(database.url, 'acme');
  other = await insertTenant(database.url, 'other');
});

afterAll(async () => {
  await Promise.all([closeDb(db), closeDb(owner), gateway.close(), worker.close()]);
  await database.drop();
});

function context(state: StatePort = worker) {
  const onError = (what: string, error: unknown) => errors.push(`${what}: ${String(error)}`);
  return ingestContext({ db, state, onError });
}

function usage(event: UsageEvent): InboxItem {
  return { kind: 'usage', event };
}

function payment(record: PaymentRecord): InboxItem {
  return { kind: 'payment', payment: record };
}

async function append(spoolId: string, items: readonly InboxItem[], after = 0): Promise<void> {
  await gateway.inbox.append(
    spoolId,
    items.map((item, index) => ({ sequence: after + index + 1, item })),
  );
}

async function rows<Row>(statement: string): Promise<Row[]> {
  return owner.$queryRawUnsafe<Row[]>(statement);
}

async function one(statement: string): Promise<unknown> {
  const [row] = await rows<{ value: unknown }>(statement);
  return row?.value;
}

async function expectConsistent(): Promise<void> {
  expect(
    await rows(`SELECT * FROM (
        SELECT provider_id, coalesce(customer_id, '') c, coalesce(agent_id, '') a, coalesce(body -> 'data' ->> 'model', '') m,
          to_timestamp(floor(extract(epoch FROM occurred_at) / 900) * 900) b, count(*)::int n,
          sum((body ->> 'chargedNanoUsd')::numeric)::text s, sum(coalesce((body -> 'data' ->> 'input_tokens')::numeric, 0))::text t
        FROM usage_event GROUP BY 1, 2, 3, 4, 5) raw
      FULL JOIN (
        SELECT provider_id, customer_id c, agent_id a, model m, bucket_at b, sum(calls)::int n,
          sum(charged_nano_usd)::text s, sum(input_tokens)::text t
        FROM usage_rollup GROUP BY 1, 2, 3, 4, 5) r
      USING (provider_id, c, a, m, b, n, s, t) WHERE raw IS NULL OR r IS NULL`),
  ).toEqual([]);
  expect(
    await rows(`SELECT transfer_id FROM ledger_posting GROUP BY 1 HAVING sum(amount_nano_usd) <> 0 OR count(*) < 2`),
  ).toEqual([]);
  expect(
    await one(`SELECT (SELECT coalesce(sum((body ->> 'chargedNanoUsd')::numeric), 0) FROM usage_event WHERE rail = 'plan')
      + (SELECT coalesce(sum(price_nano_usd), 0) FROM payment WHERE state = 'settled')
      + (SELECT coalesce(sum(p.amount_nano_usd), 0) FROM ledger_posting p
         JOIN ledger_account a ON a.id = p.account_id WHERE a.kind = 'revenue') = 0 AS value`),
  ).toBe(true);
}

describe('ingestSpool', () => {
  it('stores events, roll-ups, postings and payments of several providers in one spool', async () => {
    await append('spl-many', [
      usage(usageEventOf(acme)),
      usage(usageEventOf(other, { chargedNanoUsd: nanoUsd(7n), ratedNanoUsd: nanoUsd(7n) })),
      payment(paymentOf(acme, { state: 'claimed', version: 1, paymentId: 'pay-1', nonce: '0x01' })),
      payment(paymentOf(acme, { state: 'settled', version: 5, paymentId: 'pay-1', nonce: '0x01' })),
      usage(usageEventOf(acme, { rail: 'x402', customerId: null, agentId: null, keyId: null, paymentId: 'pay-1' })),
      payment(paymentOf(other, { state: 'failed', version: 4 })),
      usage(usageEventOf(acme, { chargedNanoUsd: nanoUsd(0n), status: 502 })),
    ]);
    expect(await worker.inbox.pending()).toContain('spl-many');
    expect(await ingestSpool(context(), 'spl-many')).toEqual({
      kind: 'ingested',
      watermark: 7,
      events: 4,
      duplicates: 0,
      payments: 2,
      transfers: 3,
      rejected: 0,
      more: false,
    });
    expect(await worker.inbox.pending()).not.toContain('spl-many');
    expect(await worker.inbox.watermark('spl-many')).toBe(7);
    expect(await one(`SELECT state AS value FROM payment WHERE id = 'pay-1'`)).toBe('settled');
    expect(
      await rows(`SELECT a.kind::text, sum(p.amount_nano_usd)::text AS sum FROM ledger_posting p
        JOIN ledger_account a ON a.id = p.account_id WHERE a.provider_id = '${acme.providerId}' GROUP BY 1 ORDER BY 1`),
    ).toEqual([
      { kind: 'clearing_x402', sum: '10000000' },
      { kind: 'receivable', sum: '1000' },
      { kind: 'revenue', sum: '-10001000' },
    ]);
    await expectConsistent();
  });

  it('measures with the meters of the event’s provider', async () => {
    const found = await rows<{ meter: string; quantity: string }>(
      `SELECT meter, sum(quantity)::text AS quantity FROM meter_rollup WHERE provider_id = '${acme.providerId}' GROUP BY 1 ORDER BY 1`,
    );
    expect(found).toEqual([
      { meter: 'input_tokens', quantity: '300' },
      { meter: 'output_tokens', quantity: '60' },
      { meter: 'requests', quantity: '3' },
    ]);
  });

  it('adds nothing when the same items come again after a crash before the acknowledgement', async () => {
    await append('spl-crash', [usage(usageEventOf(acme)), usage(usageEventOf(acme))]);
    const lost = { ...worker, inbox: { ...worker.inbox, acknowledge: () => Promise.reject(new Error('killed')) } };
    await expect(ingestSpool(context(lost), 'spl-crash')).rejects.toThrow('killed');
    const before = await one(`SELECT sum(calls)::int AS value FROM usage_rollup`);
    expect(await worker.inbox.pending()).toContain('spl-crash');
    expect(await ingestSpool(context(), 'spl-crash')).toEqual({ kind: 'idle', watermark: 2 });
    expect(await worker.inbox.pending()).not.toContain('spl-crash');
    expect(await one(`SELECT sum(calls)::int AS value FROM usage_rollup`)).toBe(before);
    await expectConsistent();
  });

  it('counts one event id once: within a batch, from another spool, and under another time', async () => {
    const event = usageEventOf(acme, { eventId: 'evt-twice' });
    const moved = { ...event, occurredAt: '2026-11-21T10:07:00.000Z' };
    await append('spl-twice-a', [usage(event), usage(event)]);
    await append('spl-twice-b', [usage(moved), usage(usageEventOf(acme))]);
    expect(await ingestSpool(context(), 'spl-twice-a')).toMatchObject({ events: 1, duplicates: 1, transfers: 1 });
    expect(await ingestSpool(context(), 'spl-twice-b')).toMatchObject({ events: 1, duplicates: 1, transfers: 1 });
    await expectConsistent();
  });

  it('loses and doubles nothing when two workers take the same spools at once', async () => {
    const spools = ['spl-race-a', 'spl-race-b', 'spl-race-c'];
    for (const spool of spools) {
      await append(
        spool,
        Array.from({ length: 60 }, (_, i) => usage(usageEventOf(i % 2 ? acme : other))),
      );
    }
    const drain = async () => {
      for (const spool of spools) {
        for (let left = true; left; ) {
          const done = await ingestSpool(context(), spool, { itemsMax: 7 });
          left = done.kind === 'ingested';
        }
      }
    };
    const before = Number(await one(`SELECT count(*)::int AS value FROM usage_event`));
    await Promise.all([drain(), drain()]);
    await drain();
    expect(await one(`SELECT count(*)::int AS value FROM usage_event`)).toBe(before + 180);
    expect(await worker.inbox.pending()).toEqual([]);
    await expectConsistent();
  });

  it('never lets a lower payment version overwrite a higher one', async () => {
    const settled = paymentOf(acme, { paymentId: 'pay-order', state: 'settled', version: 5, nonce: '0x02' });
    await append('spl-order', [payment(settled)]);
    await ingestSpool(context(), 'spl-order');
    await append('spl-late', [payment({ ...settled, state: 'settling', version: 4 }), payment(settled)]);
    expect(await ingestSpool(context(), 'spl-late')).toMatchObject({ payments: 0, transfers: 0 });
    expect(await one(`SELECT state AS value FROM payment WHERE id = 'pay-order'`)).toBe('settled');
    await expectConsistent();
  });

  it('posts what quantizing added to the price as rounding', async () => {
    await append('spl-round', [
      payment(paymentOf(other, { priceNanoUsd: nanoUsd(9_999_500n), roundingNanoUsd: nanoUsd(500n) })),
    ]);
    await ingestSpool(context(), 'spl-round');
    expect(
      await one(`SELECT sum(p.amount_nano_usd)::text AS value FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
        WHERE a.kind = 'rounding' AND a.provider_id = '${other.providerId}'`),
    ).toBe('-500');
    await expectConsistent();
  });

  it('counts a call that was paid for beside a key as its customer’s, and posts the payment alone', async () => {
    const { customerId, agentIds, keyIds } = acme;
    const beside = { customerId, agentId: agentIds[0], keyId: keyIds[0] };
    const paid = paymentOf(acme, { ...beside, paymentId: 'pay-beside', rail: 'evm', nonce: '0xbe' });
    const price = { ratedNanoUsd: paid.priceNanoUsd, chargedNanoUsd: paid.priceNanoUsd };
    const event = usageEventOf(acme, { ...beside, ...price, rail: 'evm', paymentId: 'pay-beside', payer: paid.payer });
    await append('spl-beside', [payment(paid), usage(event)]);
    const ingested = { events: 1, payments: 1, transfers: 1, rejected: 0 };
    expect(await ingestSpool(context(), 'spl-beside')).toMatchObject(ingested);
    expect(
      await rows(`SELECT customer_id, agent_id, key_id, calls::int, charged_nano_usd::text FROM usage_rollup
        WHERE provider_id = '${acme.providerId}' AND rail = 'evm'`),
    ).toEqual([
      {
        ...{ customer_id: customerId, agent_id: agentIds[0], key_id: keyIds[0], calls: 1 },
        charged_nano_usd: `${paid.priceNanoUsd}`,
      },
    ]);
    expect(
      await rows(`SELECT t.reference, a.kind::text, p.amount_nano_usd::text AS amount FROM ledger_transfer t
        JOIN ledger_posting p ON p.transfer_id = t.id JOIN ledger_account a ON a.id = p.account_id
        WHERE t.reference IN ('payment:pay-beside', 'event:${event.eventId}') AND p.amount_nano_usd <> 0 ORDER BY 2`),
    ).toEqual([
      { reference: 'payment:pay-beside', kind: 'clearing_evm', amount: '10000000' },
      { reference: 'payment:pay-beside', kind: 'revenue', amount: '-10000000' },
    ]);
    await expectConsistent();
  });

  it('takes a released claim that another payment claimed again', async () => {
    const claim = { claimKey: 'x402:again', nonce: '0x03' };
    await append('spl-again', [
      payment(paymentOf(acme, { ...claim, paymentId: 'pay-new', state: 'settled', version: 5 })),
      payment(paymentOf(acme, { ...claim, paymentId: 'pay-old', state: 'released', version: 3 })),
    ]);
    expect(await ingestSpool(context(), 'spl-again')).toMatchObject({ payments: 2, rejected: 0 });
  });

  it('tells the provider once of a payment that its gateway settled before it was killed, and of none that was answered', async () => {
    const paid = [paymentOf(acme), paymentOf(acme)] as const;
    const [cut, answered] = paid.map(({ paymentId, requestId }) =>
      usageEventOf(acme, {
        ...{ paymentId, requestId, rail: 'x402', customerId: null, agentId: null, keyId: null },
        ...{ chargedNanoUsd: nanoUsd(0n), ratedNanoUsd: nanoUsd(0n) },
      }),
    ) as [UsageEvent, UsageEvent];
    const interrupted: UsageEvent = { ...cut, decision: 'interrupted', status: 0 };
    await append('spl-cut', [payment(paid[0]), payment(paid[1]), usage(answered), usage(interrupted)]);
    await ingestSpool(context(), 'spl-cut');
    await append('spl-cut-again', [usage({ ...interrupted, eventId: 'evt-cut-again' })]);
    await ingestSpool(context(), 'spl-cut-again');
    const told = await rows<{ id: string }>(
      "SELECT detail ->> 'paymentId' AS id FROM incident WHERE kind = 'unanswered-payment'",
    );
    expect(told).toEqual([{ id: paid[0].paymentId }]);
  });

  it('keeps what cannot be stored in inbox_reject and goes on with the rest', async () => {
    const again = { claimKey: 'x402:double', state: 'settled', version: 5 } as const;
    await append('spl-poison', [
      usage(usageEventOf(acme)),
      { kind: 'usage', event: { schemaVersion: 1, eventId: 'evt-broken' } } as unknown as InboxItem,
      usage(usageEventOf(acme)),
      payment(paymentOf(acme, again)),
      payment(paymentOf(acme, again)),
      usage(usageEventOf({ ...acme, providerId: 'prv_nobody' })),
      usage(usageEventOf(acme, { data: { model: 'odd\u0000\ud800name', input_tokens: 5 } })),
      usage(usageEventOf(acme)),
    ]);
    const done = { events: 0, rejected: 0 };
    for (let more = true; more; ) {
      const step = await ingestSpool(context(), 'spl-poison');
      if (step.kind === 'ingested') {
        done.events += step.events;
        done.rejected += step.rejected;
      }
      more = step.kind === 'ingested';
    }
    expect(done).toEqual({ events: 4, rejected: 3 });
    const rejects = await rows<{ sequence: bigint; reason: string; item: string }>(
      `SELECT sequence, reason, item FROM inbox_reject WHERE spool_id = 'spl-poison' ORDER BY sequence`,
    );
    expect(rejects.map((reject) => Number(reject.sequence))).toEqual([2, 5, 6]);
    expect(rejects[0]?.item).toContain('evt-broken');
    expect(rejects[1]?.reason).toContain('payment_settled_once');
    expect(rejects[2]?.reason).toBe('unknown provider');
    expect(await one(`SELECT model AS value FROM usage_event WHERE model LIKE 'odd%'`)).toBe('odd\ufffd\ufffdname');
    expect(await worker.inbox.pending()).toEqual([]);
    expect(errors).toHaveLength(3);
    await expectConsistent();
  });

  it('stores the event as the gateway wrote it', async () => {
    const event = usageEventOf(acme, { charges: [{ node: 'budget:b', periodId: '2026-11', amount: 1_000n }] });
    await append('spl-body', [usage(event)]);
    await ingestSpool(context(), 'spl-body');
    expect(await one(`SELECT body AS value FROM usage_event WHERE event_id = '${event.eventId}'`)).toEqual(
      JSON.parse(toJson(event)),
    );
  });
});

describe('checkLedger', () => {
  it('finds nothing after all this, and finds a charge that was not posted', async () => {
    expect(await checkLedger({ db })).toEqual([]);
    const event = usageEventOf(acme);
    await append('spl-check', [usage(event)]);
    await ingestSpool(context(), 'spl-check');
    await owner.$executeRawUnsafe(`UPDATE usage_event SET charged_nano_usd = 1500 WHERE event_id = '${event.eventId}'`);
    expect(await checkLedger({ db })).toEqual([
      {
        providerId: acme.providerId,
        kind: 'event-not-posted',
        id: event.eventId,
        expectedNanoUsd: 1_500n,
        postedNanoUsd: 1_000n,
      },
    ]);
  });
});

describe('ingestSpool of accesses', () => {
  it('counts a call that came in by a sign-in, with its wallet, and moves no money', async () => {
    const nobody = { customerId: null, agentId: null, keyId: null, paymentId: null };
    const free = { ratedNanoUsd: nanoUsd(0n), chargedNanoUsd: nanoUsd(0n) };
    const event = usageEventOf(acme, { ...nobody, ...free, rail: 'none', payer: '0xbb' });
    await append('spl-access', [usage(event)]);
    expect(await ingestSpool(context(), 'spl-access')).toMatchObject({ events: 1, transfers: 0, rejected: 0 });
    expect(await rows(`SELECT payer, rail FROM usage_event WHERE event_id = '${event.eventId}'`)).toEqual([
      { payer: '0xbb', rail: 'none' },
    ]);
    expect(await one(`SELECT sum(calls)::int AS value FROM usage_rollup WHERE rail = 'none'`)).toBe(1);
    await expectConsistent();
  });
});
