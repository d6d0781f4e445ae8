import type { BreakerOptions } from '@tollwright/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Breaker, type BreakerState, type Verdict } from './breaker.ts';

const options: BreakerOptions = { failuresInARow: 3, failurePercent: 50, windowMs: 1_000, callsMin: 10, openMs: 2_000 };

/** A breaker on a clock of its own, with what it became. */
function open(change: Partial<BreakerOptions> = {}) {
  const states: BreakerState[] = [];
  const breaker = new Breaker({ ...options, ...change }, (state) => states.push(state));
  let nowMs = 50_000;
  return {
    breaker,
    states,
    passes(ms: number) {
      nowMs += ms;
    },
    admit: () => breaker.admit(nowMs),
    call(verdict: Verdict) {
      const admission = breaker.admit(nowMs);
      if (admission.kind === 'admitted') breaker.report(admission.ticket, verdict, nowMs);
      return admission.kind;
    },
    report(ticket: number, verdict: Verdict) {
      breaker.report(ticket, verdict, nowMs);
    },
  };
}

describe('a breaker', () => {
  it('opens with the failure that completes the row, at once, and says for how long', () => {
    const { call, admit, states, passes } = open();
    expect([call('failed'), call('failed'), call('failed'), call('ok')]).toEqual([
      ...['admitted', 'admitted', 'admitted', 'refused'],
    ]);
    expect(states).toEqual(['open']);
    passes(500);
    expect(admit()).toEqual({ kind: 'refused', retryAfterMs: 1_500 });
  });

  it('counts a row anew after a success, but not after a call that shows nothing', () => {
    const { call, states } = open();
    for (const verdict of ['failed', 'failed', 'ok', 'failed', 'unknown', 'failed'] as const) call(verdict);
    expect(states).toEqual([]);
    call('failed');
    expect(states).toEqual(['open']);
  });

  it('opens when failures are a large enough share of enough calls', () => {
    const { call, states } = open({ failuresInARow: 1_000 });
    for (let round = 0; round < 4; round += 1) [call('ok'), call('failed')];
    expect(states).toEqual([]);
    [call('ok'), call('failed')];
    expect(states).toEqual(['open']);
  });

  it('forgets what is older than its window', () => {
    const { call, states, passes } = open({ failuresInARow: 1_000 });
    for (let second = 0; second < 20; second += 1) {
      for (let failure = 0; failure < 5; failure += 1) call('failed');
      passes(1_100);
    }
    expect(states).toEqual([]);
  });

  it('lets one call probe when its time is over, and closes by its success', () => {
    const { admit, call, report, states, passes } = open();
    for (let failure = 0; failure < 3; failure += 1) call('failed');
    passes(2_000);
    const probe = admit();
    expect(probe.kind).toBe('admitted');
    expect([admit().kind, admit().kind]).toEqual(['refused', 'refused']);
    if (probe.kind === 'admitted') report(probe.ticket, 'ok');
    expect(states).toEqual(['open', 'half-open', 'closed']);
    expect([call('failed'), call('failed'), states.length]).toEqual(['admitted', 'admitted', 3]);
  });

  it('opens again for as long when the probe fails, and lets the next probe when it shows nothing', () => {
    const { call, states, passes } = open();
    for (let failure = 0; failure < 3; failure += 1) call('failed');
    passes(2_000);
    expect([call('failed'), call('ok')]).toEqual(['admitted', 'refused']);
    passes(2_000);
    expect([call('unknown'), call('ok'), call('ok')]).toEqual(['admitted', 'admitted', 'admitted']);
    expect(states).toEqual(['open', 'half-open', 'open', 'half-open', 'open', 'half-open', 'closed']);
  });

  it('lets another probe when nothing is heard of the first', () => {
    const { admit, call, passes } = open();
    for (let failure = 0; failure < 3; failure += 1) call('failed');
    passes(2_000);
    expect(admit().kind).toBe('admitted');
    passes(1_999);
    expect(admit().kind).toBe('refused');
    passes(1);
    expect(admit().kind).toBe('admitted');
  });

  it('hears nothing from calls that began before it opened', () => {
    const { admit, call, report, states, passes } = open();
    const slow = admit();
    for (let failure = 0; failure < 3; failure += 1) call('failed');
    if (slow.kind === 'admitted') report(slow.ticket, 'ok');
    expect(admit().kind).toBe('refused');
    passes(2_000);
    admit();
    if (slow.kind === 'admitted') report(slow.ticket, 'failed');
    expect(states).toEqual(['open', 'half-open']);
  });

  it('never stays shut: whatever happened, a call gets through within the time that it stays open', () => {
    const verdict = fc.constantFrom<Verdict>('ok', 'failed', 'unknown');
    const step = fc.tuple(verdict, fc.integer({ min: 0, max: 1_500 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { admit, call, passes } = open();
        for (const [outcome, ms, isLost] of steps) {
          if (isLost) admit();
          else call(outcome);
          passes(ms);
        }
        passes(options.openMs);
        expect(admit().kind).toBe('admitted');
      }),
    );
  });
});
