import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fate } from './lossy-network.ts';
import { type Outcome, runSchedule, type Schedule } from './run-schedule.ts';

const gateways = 3;
const moment = fc.integer({ min: 0, max: 120 });
const fate: fc.Arbitrary<Fate> = fc.record({
  kind: fc.constantFrom('delivered', 'delivered', 'delivered', 'request-lost', 'reply-lost', 'late', 'twice'),
  delayMs: fc.integer({ min: 0, max: 60 }),
});
const call = fc.record({
  gateway: fc.nat(gateways - 1),
  startsAtMs: moment,
  runsMs: fc.integer({ min: 0, max: 50 }),
  hold: fc.bigInt(1n, 10n),
  used: fc.bigInt(0n, 15n),
});
const schedules = (crashes: number): fc.Arbitrary<Schedule> =>
  fc.record({
    limit: fc.bigInt(0n, 60n),
    gateways: fc.constant(gateways),
    calls: fc.array(call, { maxLength: 40, minLength: 1 }),
    fates: fc.array(fate, { maxLength: 40 }),
    crashes: fc.array(fc.record({ gateway: fc.nat(gateways - 1), atMs: moment }), { maxLength: crashes }),
  });

function judge({ limit }: Schedule, outcome: Outcome): void {
  expect(outcome.unexpected).toEqual([]);
  expect({ held: outcome.held, openHolds: outcome.openHolds }).toEqual({ held: 0n, openHolds: 0 });
  expect(outcome.spent).toBeLessThanOrEqual(limit);
  expect(outcome.owed).toBeLessThanOrEqual(outcome.spent);
}

describe('batcher', () => {
  it('whatever the network loses: 0 overspent, every charge counted once, no hold left', async () => {
    let forwarded = 0;
    await fc.assert(
      fc.asyncProperty(schedules(0), async (schedule) => {
        const outcome = await runSchedule(schedule);
        judge(schedule, outcome);
        expect(outcome.spent).toBe(outcome.owed);
        forwarded += outcome.forwarded;
      }),
      { numRuns: 1000 },
    );
    expect(forwarded).toBeGreaterThan(1000);
  }, 60_000);

  it('with gateways that die and are taken over: 0 overspent, no forwarded call uncharged, no hold left', async () => {
    let forwarded = 0;
    await fc.assert(
      fc.asyncProperty(schedules(3), async (schedule) => {
        const outcome = await runSchedule(schedule);
        judge(schedule, outcome);
        forwarded += outcome.forwarded;
      }),
      { numRuns: 1000 },
    );
    expect(forwarded).toBeGreaterThan(1000);
  }, 60_000);

  it('the judge sees a store that forgets its replies', async () => {
    const planted = fc.asyncProperty(schedules(0), async (schedule) => {
      judge(schedule, await runSchedule(schedule, { forgetsReplies: true }));
    });
    const result = await fc.check(planted, { numRuns: 1000, endOnFailure: true });
    expect(result.failed).toBe(true);
  }, 60_000);
});
