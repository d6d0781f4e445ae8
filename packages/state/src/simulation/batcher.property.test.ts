import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import type { Fate } from './lossy-network.ts';
import { type Outcome, runSchedule, type Schedule, type Step } from './run-schedule.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** How many schedules to try; 0 for as many as a run of all tests has time for. */
    schedules: number;
  }
}

/** A fixed seed, so that every run tries the same schedules; more of them on demand. */
const seed = 20_261_126;
const wanted = inject('schedules');
const gateways = 3;
const moment = fc.integer({ min: 0, max: 120 });
const gateway = fc.nat(gateways - 1);
const fate: fc.Arbitrary<Fate> = fc.record({
  kind: fc.constantFrom('delivered', 'delivered', 'delivered', 'request-lost', 'reply-lost', 'late', 'twice'),
  delayMs: fc.integer({ min: 0, max: 60 }),
});
const call: fc.Arbitrary<Step> = fc.record({
  ...{ kind: fc.constant('call' as const), gateway, atMs: moment, runsMs: fc.integer({ min: 0, max: 150 }) },
  ...{ hold: fc.bigInt(1n, 10n), used: fc.bigInt(0n, 15n) },
});
const crash: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('crash' as const), gateway, atMs: moment });
const pause: fc.Arbitrary<Step> = fc.record({
  ...{ kind: fc.constant('pause' as const), gateway, atMs: moment, forMs: fc.integer({ min: 1, max: 200 }) },
});
const rollback: fc.Arbitrary<Step> = fc.record({
  ...{ kind: fc.constant('rollback' as const), atMs: moment, backMs: fc.integer({ min: 0, max: 80 }) },
});
const raise: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('raise' as const), atMs: moment });

const schedules = (...events: readonly fc.Arbitrary<Step>[]): fc.Arbitrary<Schedule> =>
  fc.record({
    limit: fc.bigInt(0n, 60n),
    gateways: fc.constant(gateways),
    steps: fc
      .tuple(
        fc.array(call, { maxLength: 40, minLength: 1 }),
        events.length === 0 ? fc.constant([]) : fc.array(fc.oneof(...events), { maxLength: 4 }),
      )
      .map((parts) => parts.flat()),
    fates: fc.array(fate, { maxLength: 40 }),
  });

function judge({ limit }: Schedule, outcome: Outcome): void {
  expect(outcome.unexpected).toEqual([]);
  const { held, openHolds, seated } = outcome;
  expect({ held, openHolds, seated }).toEqual({ held: 0n, openHolds: 0, seated: 0 });
  expect(outcome.owed).toBeLessThanOrEqual(limit);
  expect(outcome.spent).toBe(outcome.owed);
}

async function holds(of: fc.Arbitrary<Schedule>, share: number): Promise<void> {
  const numRuns = wanted > 0 ? Math.ceil(wanted * share) : 700;
  let [forwarded, epochs, closings, overspent] = [0, 0, 0, 0];
  await fc.assert(
    fc.asyncProperty(of, async (schedule) => {
      const outcome = await runSchedule(schedule);
      if (outcome.owed > schedule.limit) overspent += 1;
      judge(schedule, outcome);
      forwarded += outcome.forwarded;
      epochs += outcome.epochs - 1;
      closings += outcome.closings;
    }),
    { numRuns, seed },
  );
  expect(forwarded).toBeGreaterThan(numRuns);
  expect(closings).toBeGreaterThan(numRuns);
  if (wanted > 0) {
    const seen = `${forwarded} calls forwarded, ${closings} seats closed, ${epochs} epochs`;
    console.log(`${numRuns} schedules, ${seen}, ${overspent} overspent`);
  }
}

const HOURS_MS = 6 * 3_600_000;

describe('batcher', () => {
  it(
    'whatever the network loses: 0 overspent, every charge counted once, no hold left',
    () => holds(schedules(), 0.2),
    HOURS_MS,
  );

  it(
    'with gateways that die, are taken over, or stand still: the same',
    () => holds(schedules(crash, pause), 0.3),
    HOURS_MS,
  );

  it(
    'with a store that is rolled back, and epochs: the same',
    () => holds(schedules(crash, pause, rollback, raise), 0.5),
    HOURS_MS,
  );

  it.each([
    ['forgets its replies', { forgetsReplies: true }, schedules()],
    ['passes a copy for itself', { keepsIdentity: true }, schedules(rollback)],
    ['takes late batches of closed seats for first ones', { forgetsClosed: true }, schedules()],
  ])(
    'the judge sees a store that %s',
    async (_, defect, of) => {
      const planted = fc.asyncProperty(of, async (schedule) => judge(schedule, await runSchedule(schedule, defect)));
      const result = await fc.check(planted, { numRuns: 1000, endOnFailure: true, seed });
      expect(result.failed).toBe(true);
    },
    60_000,
  );
});
