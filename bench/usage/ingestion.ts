import { performance } from 'node:perf_hooks';
import type { InboxItem } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { ingestEvents, ingestSpool, SYSTEM } from '@tollwright/services';
import { usageEventOf } from '@tollwright/testing';
import { type Books, numberOf } from './books.ts';

const CALLS = 60_000;
const EVENTS = 200_000;
const BATCH = 2_500;
/** As many as there are cores. */
const SENDERS = 2;
const SPAN_MS = 3_600_000;
const APPEND = 1_000;

/** Into Postgres with roll-ups, in one run; `ratioToCopy` over a plain COPY of the same rows. */
export interface IngestionRow {
  readonly what: string;
  readonly events: number;
  readonly perSecond: number;
  readonly ratioToCopy: number;
}

/**
 * Times what comes in: calls as the worker takes them from gateways, with charges, notices and postings, and events of the
 * ingest API, which charge nothing. Then all of it comes again, which must change nothing: else it throws.
 */
export async function timeIngestion(books: Books): Promise<IngestionRow[]> {
  const calls = await timeCalls(books);
  const events = await timeEvents(books);
  return [
    { what: 'calls of gateways, posted', events: CALLS, ...(await besideCopy(books, 'usage_event', CALLS, calls)) },
    {
      what: 'events of the ingest API',
      events: EVENTS,
      ...(await besideCopy(books, 'ingested_event', EVENTS, events)),
    },
  ];
}

/** Seconds. */
async function timeCalls(books: Books): Promise<number> {
  const items = callsOf(books);
  for (const [spoolId, mine] of halved(items).entries()) await append(books, `spl-${spoolId}`, mine);
  const seconds = await timed(() => drain(books, ['spl-0', 'spl-1']));
  const before = await sums(books);
  await append(books, 'spl-again', items);
  await drain(books, ['spl-again']);
  await expectSums(books, before);
  if ((await numberOf(books, 'SELECT count(*) AS found FROM usage_event')) !== CALLS)
    throw new Error('calls were lost');
  return seconds;
}

/** Seconds. */
async function timeEvents(books: Books): Promise<number> {
  const batches = eventsOf(books);
  const sendAll = () =>
    Promise.all(
      Array.from({ length: SENDERS }, async (_, sender) => {
        for (const batch of batches.filter((_, index) => index % SENDERS === sender)) {
          await ingestEvents(books.portal, SYSTEM, { providerId: books.tenant.providerId, events: batch });
        }
      }),
    );
  const seconds = await timed(sendAll);
  const before = await sums(books);
  await sendAll();
  await expectSums(books, before);
  const stored = await numberOf(books, 'SELECT count(*) AS found FROM ingested_event');
  if (stored !== EVENTS) throw new Error(`${stored} events are stored, ${EVENTS} were sent`);
  return seconds;
}

/** The same rows into a table with the same columns and indexes, from a file that the server reads itself. */
async function besideCopy({ owner }: Books, table: string, rows: number, seconds: number) {
  const { rows: found } = await owner.query<{ folder: string }>("SELECT current_setting('data_directory') AS folder");
  const file = `${found[0]?.folder}/${table}.copy`;
  await owner.query(`COPY ${table} TO '${file}'`);
  await owner.query(`CREATE TABLE plain (LIKE ${table} INCLUDING DEFAULTS INCLUDING INDEXES)`);
  const copied = await timed(() => owner.query(`COPY plain FROM '${file}'`));
  await owner.query('DROP TABLE plain');
  return { perSecond: rows / seconds, ratioToCopy: copied / seconds };
}

function callsOf({ tenant }: Books): InboxItem[] {
  const startMs = Date.now() - SPAN_MS;
  return Array.from({ length: CALLS }, (_, index): InboxItem => {
    const charged = nanoUsd(BigInt(1_000 + ((index * 7919) % 5_000)));
    const agent = index % 2;
    const event = usageEventOf(tenant, {
      ...{ eventId: `evt-bench-${index}`, occurredAt: new Date(startMs + (index * SPAN_MS) / CALLS).toISOString() },
      ...{ agentId: tenant.agentIds[agent] ?? null, keyId: tenant.keyIds[agent] ?? null },
      ...{ chargedNanoUsd: charged, ratedNanoUsd: charged },
      data: { model: `toll-${index % 3}`, input_tokens: index % 997, output_tokens: index % 499 },
    });
    return { kind: 'usage', event };
  });
}

function eventsOf({ tenant }: Books) {
  const startMs = Date.now() - SPAN_MS;
  const event = (index: number) => ({
    ...{ specversion: '1.0' as const, id: `ce-${index}`, source: 'bench', type: 'request' },
    ...{ subject: tenant.customerId, time: new Date(startMs + (index * SPAN_MS) / EVENTS).toISOString() },
    data: { model: `toll-${index % 3}`, input_tokens: index % 997, output_tokens: index % 499 },
  });
  return Array.from({ length: EVENTS / BATCH }, (_, batch) =>
    Array.from({ length: BATCH }, (_, index) => event(batch * BATCH + index)),
  );
}

function halved<Item>(items: readonly Item[]): Item[][] {
  return [0, 1].map((half) => items.filter((_, index) => index % 2 === half));
}

async function append({ gateway }: Books, spoolId: string, items: readonly InboxItem[]): Promise<void> {
  for (let from = 0; from < items.length; from += APPEND) {
    const part = items.slice(from, from + APPEND);
    await gateway.inbox.append(
      spoolId,
      part.map((item, index) => ({ sequence: from + index + 1, item })),
    );
  }
}

/** Each spool has a consumer of its own, as the worker's have. */
function drain({ worker }: Books, spoolIds: readonly string[]): Promise<unknown> {
  return Promise.all(
    spoolIds.map(async (spoolId) => {
      while ((await ingestSpool(worker, spoolId)).kind !== 'idle');
    }),
  );
}

/** What roll-ups and ledger come to. */
async function sums({ owner }: Books): Promise<string> {
  const { rows } = await owner.query(`SELECT
    (SELECT array_agg(t.sums) FROM (SELECT meter, sum(quantity) AS sums FROM meter_rollup GROUP BY 1 ORDER BY 1) t) AS meters,
    (SELECT ARRAY[sum(calls), sum(charged_nano_usd)] FROM usage_rollup) AS usage,
    (SELECT count(*) FROM ledger_transfer) AS transfers`);
  return JSON.stringify(rows);
}

async function expectSums(books: Books, before: string): Promise<void> {
  const after = await sums(books);
  if (after !== before) throw new Error(`sent again, ${before} became ${after}`);
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return (performance.now() - startedAt) / 1_000;
}
