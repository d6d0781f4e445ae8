import { performance } from 'node:perf_hooks';
import { providerHome, queryMeter, SYSTEM, usageSeries, usageTop } from '@tollwright/services';
import { median } from '../report.ts';
import type { Books } from './books.ts';
import type { Filled } from './fill.ts';

const TIMES = 40;
const RAW_TIMES = 3;
const DAY_MS = 86_400_000;

/** A question of the portal, in ms; `ratioToRaw`: how often it is answered while a GROUP BY over the events is once. */
export interface QuestionRow {
  readonly what: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly rawMs: number;
  readonly ratioToRaw: number;
}

/** What is asked for one period and one customer, and what both answers must have in common. */
interface Question {
  readonly what: string;
  readonly days: number;
  ask(books: Books, asked: Asked): Promise<Answer>;
  /** Rows of `key` and `sum`, from usage_event; $1 provider, $2 and $3 period, $4 customer. */
  readonly raw: string;
}
interface Asked {
  readonly providerId: string;
  readonly customerId: string;
  readonly from: string;
  readonly to: string;
}
/** Sums by key; those of zero are left out. */
type Answer = ReadonlyMap<string, string>;

const CALLS = 'FROM usage_event WHERE provider_id = $1 AND occurred_at >= $2 AND occurred_at < $3 AND livemode';
const OF_CUSTOMER = `${CALLS} AND customer_id = $4`;
const DAY = `to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24')`;

const QUESTIONS: readonly Question[] = [
  {
    what: "a provider's first page, 30 days",
    days: 30,
    ask: async ({ portal }, { providerId, from, to }) => {
      const { chargedNanoUsd, calls } = await providerHome(portal, SYSTEM, { providerId, from, to });
      return answer([
        ['charged', chargedNanoUsd],
        ['calls', calls],
      ]);
    },
    raw: `SELECT unnest(ARRAY['charged', 'calls']) AS key, unnest(ARRAY[sum(charged_nano_usd), count(*)])::text AS sum ${CALLS}`,
  },
  {
    what: 'usage by day and model, 30 days',
    days: 30,
    ask: async ({ portal }, { providerId, from, to }) => {
      const { points } = await usageSeries(portal, SYSTEM, { providerId, from, to, interval: 'day', groupBy: 'model' });
      return answer(points.map(({ at, key, chargedNanoUsd }) => [`${at.slice(0, 10)}T00 ${key}`, chargedNanoUsd]));
    },
    raw: `SELECT to_char(date_trunc('day', occurred_at, 'UTC') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24') || ' ' || model AS key,
      sum(charged_nano_usd)::text AS sum ${CALLS} GROUP BY 1`,
  },
  {
    what: 'the top ten customers, 30 days',
    days: 30,
    ask: async ({ portal }, { providerId, from, to }) => {
      const { groups } = await usageTop(portal, SYSTEM, { providerId, from, to, groupBy: 'customer' });
      return answer(groups.map(({ key, chargedNanoUsd }) => [key, chargedNanoUsd]));
    },
    raw: `SELECT customer_id AS key, sum(charged_nano_usd)::text AS sum ${CALLS} GROUP BY 1
      ORDER BY sum(charged_nano_usd) DESC, count(*) DESC, 1 LIMIT 10`,
  },
  {
    what: "a customer's usage by hour and agent, 7 days",
    days: 7,
    ask: async ({ portal }, asked) => {
      const { points } = await usageSeries(portal, SYSTEM, { ...asked, interval: 'hour', groupBy: 'agent' });
      return answer(points.map(({ at, key, chargedNanoUsd }) => [`${at.slice(0, 13)} ${key}`, chargedNanoUsd]));
    },
    raw: `SELECT ${DAY} || ' ' || agent_id AS key, sum(charged_nano_usd)::text AS sum ${OF_CUSTOMER} GROUP BY 1`,
  },
  {
    what: 'a meter by day and model, 30 days',
    days: 30,
    ask: async ({ portal }, { providerId, from, to }) => {
      const period = { from, to, windowSize: 'DAY' as const };
      const { data } = await queryMeter(portal, SYSTEM, {
        ...{ providerId, meterIdOrSlug: 'input_tokens', groupBy: ['model'], ...period },
      });
      return answer(
        data.map(({ windowStart, groupBy, value }) => [`${windowStart.slice(0, 13)} ${groupBy.model}`, value]),
      );
    },
    raw: `SELECT to_char(date_trunc('day', occurred_at, 'UTC') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24') || ' ' || model AS key,
      sum(input_tokens)::text AS sum ${CALLS} GROUP BY 1`,
  },
  {
    what: "a customer's meter by hour, 7 days",
    days: 7,
    ask: async ({ portal }, { customerId, ...asked }) => {
      const { data } = await queryMeter(portal, SYSTEM, {
        ...{ ...asked, meterIdOrSlug: 'input_tokens', windowSize: 'HOUR', filterCustomerId: [customerId] },
      });
      return answer(data.map(({ windowStart, value }) => [windowStart.slice(0, 13), value]));
    },
    raw: `SELECT ${DAY} AS key, sum(input_tokens)::text AS sum ${OF_CUSTOMER} GROUP BY 1`,
  },
];

/** Asks every question of other days and customers each time. Throws when an answer is not what the events say. */
export async function timeQuestions(books: Books, filled: Filled): Promise<QuestionRow[]> {
  const rows: QuestionRow[] = [];
  for (const question of QUESTIONS) rows.push(await timeQuestion(books, filled, question));
  return rows;
}

async function timeQuestion(books: Books, filled: Filled, question: Question): Promise<QuestionRow> {
  const times: number[] = [];
  const raws: number[] = [];
  for (let turn = 0; turn < TIMES; turn++) {
    const asked = askedAt(books, filled, question, turn);
    const startedAt = performance.now();
    const found = await question.ask(books, asked);
    times.push(performance.now() - startedAt);
    if (turn >= RAW_TIMES) continue;
    const rawAt = performance.now();
    const raw = await answerOf(books, question, asked);
    raws.push(performance.now() - rawAt);
    assertEqual(question.what, found, raw);
  }
  const sorted = [...times].sort((a, b) => a - b);
  const rawMs = median(raws);
  const p50Ms = median(times);
  const p95Ms = sorted[Math.ceil(0.95 * sorted.length) - 1] ?? Number.NaN;
  return { what: question.what, p50Ms, p95Ms, rawMs, ratioToRaw: rawMs / p50Ms };
}

function askedAt({ tenant }: Books, filled: Filled, { days }: Question, turn: number): Asked {
  const spare = (filled.toMs - filled.fromMs) / DAY_MS - days;
  const fromMs = filled.fromMs + ((turn * 7) % (spare + 1)) * DAY_MS;
  return {
    providerId: tenant.providerId,
    customerId: filled.customerIds[(turn * 13) % filled.customerIds.length] ?? '',
    from: new Date(fromMs).toISOString(),
    to: new Date(fromMs + days * DAY_MS).toISOString(),
  };
}

async function answerOf({ owner }: Books, { raw }: Question, asked: Asked): Promise<Answer> {
  const { providerId, from, to, customerId } = asked;
  const values = [providerId, from, to, ...(raw.includes('$4') ? [customerId] : [])];
  const { rows } = await owner.query<{ key: string; sum: string }>(raw, values);
  return answer(rows.map(({ key, sum }) => [key, sum]));
}

function answer(entries: readonly (readonly [key: string, sum: string | number])[]): Answer {
  return new Map(entries.map(([key, sum]) => [key, String(sum)] as const).filter(([, sum]) => sum !== '0'));
}

function assertEqual(what: string, found: Answer, raw: Answer): void {
  const keys = new Set([...found.keys(), ...raw.keys()]);
  if (raw.size === 0) throw new Error(`${what}: the events say nothing`);
  for (const key of keys) {
    if (found.get(key) !== raw.get(key)) {
      throw new Error(`${what}: ${key} is ${found.get(key)}, the events say ${raw.get(key)}`);
    }
  }
}
