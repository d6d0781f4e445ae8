import { createWorld, openServicesHarness, type ServicesHarness, type World } from '@tollwright/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestEvents } from '../event-ingest/ingest-events.ts';
import { createMeter } from '../meter/create.ts';
import { queryMeter } from './query-meter.ts';
import { isUnchanged, rebuildRollups } from './rebuild.ts';

/** Zones, and days on which their clocks change if they do: forward, back, over midnight and by half an hour. */
const DAYS = [
  ['America/New_York', '2026-03-08'],
  ['America/Havana', '2026-03-08'],
  ['Europe/Lisbon', '2026-03-29'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Asia/Kathmandu', '2026-07-01'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['America/New_York', '2026-11-01'],
  ['America/Havana', '2026-11-01'],
] as const;
const WINDOWS = [undefined, 'MINUTE', 'HOUR', 'DAY', 'MONTH'] as const;
const AGGREGATIONS = ['SUM', 'COUNT', 'UNIQUE_COUNT', 'AVG', 'MIN', 'MAX', 'LATEST'] as const;
const HOUR_MS = 3_600_000;

let harness: ServicesHarness;
let world: World;
let nowMs = Date.parse(DAYS[0][1]);
let runs = 0;

beforeAll(async () => {
  harness = await openServicesHarness({ clock: () => nowMs });
  world = await createWorld(harness, 'folds');
  for (const aggregation of AGGREGATIONS) {
    const slug = aggregation.toLowerCase();
    const valueProperty = aggregation === 'COUNT' ? null : '$.value';
    const meter = { slug, name: slug, eventType: 'job', aggregation, valueProperty, groupBy: { model: '$.model' } };
    await createMeter(harness.ctx, world.owner, { providerId: world.providerId, ...meter });
  }
});
afterAll(() => harness?.close());

interface Sent {
  readonly atMs: number;
  /** Hundredths; null for an event without a number. */
  readonly hundredths: number | null;
  readonly model: string | null;
}

type Aggregation = (typeof AGGREGATIONS)[number];
type Window = (typeof WINDOWS)[number];

/** Within two days of `dayMs`, half of them near it, to the millisecond. */
const eventsOf = fc.array(
  fc.record({
    afterMs: fc.oneof(
      fc.integer({ min: -48 * HOUR_MS, max: 48 * HOUR_MS }),
      fc.integer({ min: -12 * HOUR_MS, max: 12 * HOUR_MS }),
    ),
    hundredths: fc.option(fc.integer({ min: -500, max: 500 }), { freq: 6 }),
    model: fc.option(fc.constantFrom('a', 'b')),
  }),
  { minLength: 20, maxLength: 40, size: 'max' },
);

describe('a query', () => {
  it.each(DAYS)(
    'equals a fold over the events, for every aggregation and window, in %s around %s',
    async (zone, day) => {
      const dayMs = Date.parse(day);
      nowMs = dayMs + 50 * HOUR_MS;
      await fc.assert(
        fc.asyncProperty(eventsOf, fc.boolean(), async (given, grouped) => {
          const subject = `run-${runs++}`;
          // Equal times would leave the latest open.
          const atMs = [...new Set(given.map(({ afterMs }) => dayMs + afterMs))];
          const sent = atMs.map((at, index) => ({ atMs: at, ...(given[index] as Omit<Sent, 'atMs'>) }));
          await send(subject, sent);
          for (const window of WINDOWS) {
            for (const aggregation of AGGREGATIONS) await check(subject, sent, { aggregation, window, zone, grouped });
          }
        }),
        { numRuns: 1, endOnFailure: true },
      );
    },
    300_000,
  );

  it('answers the same after the roll-ups were rebuilt from the events', async () => {
    expect(isUnchanged(await rebuildRollups(harness.workerCtx))).toBe(true);
  }, 300_000);
});

async function send(subject: string, sent: readonly Sent[]): Promise<void> {
  const events = sent.map(({ atMs, hundredths, model }, index) => ({
    ...{ specversion: '1.0' as const, source: 'folds', id: `${subject}-${index}`, type: 'job', subject },
    time: new Date(atMs).toISOString(),
    data: { value: hundredths === null ? 'none' : hundredths / 100, model },
  }));
  await ingestEvents(harness.ctx, world.owner, { providerId: world.providerId, events });
}

interface Asked {
  readonly aggregation: Aggregation;
  readonly window: Window;
  readonly zone: string;
  readonly grouped: boolean;
}

async function check(subject: string, sent: readonly Sent[], asked: Asked): Promise<void> {
  const { aggregation, window, zone, grouped } = asked;
  const { data } = await queryMeter(harness.ctx, world.owner, {
    ...{ providerId: world.providerId, meterIdOrSlug: aggregation.toLowerCase(), subject: [subject] },
    ...{ windowTimeZone: zone, ...(window ? { windowSize: window } : {}), ...(grouped ? { groupBy: ['model'] } : {}) },
  });
  const what = JSON.stringify(asked);
  const found = new Map<string, number>();
  for (const row of data) {
    const startMs = Date.parse(row.windowStart);
    found.set(`${labelOf(window, startMs, zone)} ${row.groupBy.model ?? ''}`, row.value);
    if (window) assertBounds(window, startMs, Date.parse(row.windowEnd), zone, what);
  }
  const wanted = folded(sent, asked);
  expect([...found.keys()].sort(), what).toEqual([...wanted.keys()].sort());
  for (const [key, value] of wanted) expect(found.get(key), `${what} ${key}`).toBeCloseTo(value, 9);
}

/** A window holds exactly the moments that are called as its start is. */
function assertBounds(window: Window, startMs: number, endMs: number, zone: string, what: string): void {
  const label = labelOf(window, startMs, zone);
  expect(labelOf(window, endMs - 1, zone), what).toBe(label);
  expect(labelOf(window, startMs - 1, zone), what).not.toBe(label);
  expect(labelOf(window, endMs, zone), what).not.toBe(label);
}

function folded(sent: readonly Sent[], { aggregation, window, zone, grouped }: Asked): Map<string, number> {
  const groups = new Map<string, Sent[]>();
  for (const event of sent) {
    if (!counts(event, aggregation)) continue;
    const key = `${labelOf(window, event.atMs, zone)} ${grouped ? (event.model ?? '') : ''}`;
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return new Map([...groups].map(([key, events]) => [key, fold(aggregation, events)]));
}

function counts({ hundredths }: Sent, aggregation: Aggregation): boolean {
  return aggregation === 'COUNT' || aggregation === 'UNIQUE_COUNT' || hundredths !== null;
}

function fold(aggregation: Aggregation, events: readonly Sent[]): number {
  const values = events.map(({ hundredths }) => hundredths ?? 0);
  const sum = values.reduce((total, value) => total + value, 0);
  switch (aggregation) {
    case 'COUNT':
      return events.length;
    case 'UNIQUE_COUNT':
      return new Set(events.map(({ hundredths }) => hundredths)).size;
    case 'SUM':
      return sum / 100;
    case 'AVG':
      return sum / values.length / 100;
    case 'MIN':
      return Math.min(...values) / 100;
    case 'MAX':
      return Math.max(...values) / 100;
    case 'LATEST':
      return (events.toSorted((a, b) => b.atMs - a.atMs)[0]?.hundredths ?? 0) / 100;
  }
}

/** What a calendar and a clock on the wall, with its offset, say of a moment. */
function labelOf(window: Window, atMs: number, zone: string): string {
  if (window === undefined) return 'all';
  const parts = formatOf(zone).formatToParts(atMs);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  const month = `${part('year')}-${part('month')}`;
  const day = `${month}-${part('day')}`;
  if (window === 'MONTH') return month;
  if (window === 'DAY') return day;
  const hour = `${day} ${part('hour')} ${part('timeZoneName')}`;
  return window === 'HOUR' ? hour : `${hour} ${part('minute')}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const options = { timeZone, hourCycle: 'h23', timeZoneName: 'longOffset' } as const;
  const date = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
  const format = new Intl.DateTimeFormat('en-US', { ...options, ...date });
  formats.set(timeZone, format);
  return format;
}
