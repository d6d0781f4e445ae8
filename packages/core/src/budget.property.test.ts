import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Counter, reserve, settle } from './budget.ts';

const amount = fc.bigInt({ min: 0n, max: 300n });
/** A call reserves, or one of the running calls settles: any interleaving of any number of calls. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('reserve' as const), amount }),
  fc.record({ kind: fc.constant('settle' as const), which: fc.nat(), used: fc.bigInt({ min: 0n, max: 900n }) }),
);

describe('a counter under any interleaving of calls', () => {
  it('never passes its limit, never goes below zero, and accounts for every unit held', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1_000n }), fc.array(step, { maxLength: 60 }), (limit, steps) => {
        let counter: Counter = { spent: 0n, held: 0n };
        const running: bigint[] = [];
        let [everHeld, charged, released] = [0n, 0n, 0n];
        for (const next of steps) {
          if (next.kind === 'reserve') {
            const result = reserve(limit, counter, next.amount);
            const fits = counter.spent + counter.held + next.amount <= limit;
            expect(result.kind === 'granted').toBe(fits);
            if (result.kind !== 'granted') continue;
            counter = result.counter;
            running.push(next.amount);
            everHeld += next.amount;
          } else if (running.length > 0) {
            const [hold = 0n] = running.splice(next.which % running.length, 1);
            const result = settle(counter, hold, next.used);
            expect(result.charged + result.shortfall).toBe(next.used);
            counter = result.counter;
            charged += result.charged;
            released += hold - result.charged;
          }
          expect(counter.spent >= 0n && counter.held >= 0n && counter.spent + counter.held <= limit).toBe(true);
        }
        expect(charged + released + counter.held).toBe(everHeld);
        expect(counter.spent).toBe(charged);
      }),
    );
  });

  it('says held only where settling all running calls at zero would grant', () => {
    fc.assert(
      fc.property(amount, amount, amount, amount, (limit, spent, held, asked) => {
        const { kind } = reserve(limit, { spent, held }, asked);
        if (kind === 'granted') return;
        expect(kind === 'held').toBe(reserve(limit, { spent, held: 0n }, asked).kind === 'granted');
      }),
    );
  });
});
