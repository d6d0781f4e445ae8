import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterBurning, type BurnableGrant, burnCredit, compareGrants, isExpired } from './credit-burn.ts';
import { nanoUsd } from './money.ts';

const amount = fc.bigInt({ min: 0n, max: 9_000_000_000_000_000n }).map(nanoUsd);
/** Few moments and priorities, so that grants are often equal in one of them. */
const grants = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 3 }),
    priority: fc.integer({ min: 0, max: 3 }),
    expiresAtMs: fc.option(fc.integer({ min: 0, max: 20 })),
    promotional: fc.boolean(),
    createdAtMs: fc.integer({ min: 0, max: 3 }),
    leftNanoUsd: fc.oneof(amount, fc.constant(nanoUsd(0n))),
  }),
  { selector: ({ id }) => id, maxLength: 8 },
);
const moment = fc.integer({ min: 0, max: 21 });
const sumOf = (amounts: readonly bigint[]) => amounts.reduce((sum, one) => sum + one, 0n);

describe('burnCredit', () => {
  it('keeps the sum, takes at most what is left, and nothing of what has expired', () => {
    fc.assert(
      fc.property(amount, grants, moment, (draw, before, atMs) => {
        const burnt = burnCredit(draw, before, atMs);
        expect(sumOf(burnt.parts.map((part) => part.amountNanoUsd)) + burnt.missingNanoUsd).toBe(draw);
        expect(new Set(burnt.parts.map(({ id }) => id)).size).toBe(burnt.parts.length);
        const after = afterBurning(before, burnt);
        for (const [at, grant] of before.entries()) {
          const left = after[at]?.leftNanoUsd ?? -1n;
          expect(left >= 0n && left <= grant.leftNanoUsd).toBe(true);
          if (isExpired(grant, atMs)) expect(left).toBe(grant.leftNanoUsd);
        }
        const usable = after.filter((grant) => !isExpired(grant, atMs));
        if (burnt.missingNanoUsd > 0n) expect(sumOf(usable.map(({ leftNanoUsd }) => leftNanoUsd))).toBe(0n);
      }),
    );
  });

  it('burns a grant only once all before it are empty, whatever order they are given in', () => {
    fc.assert(
      fc.property(amount, grants, moment, fc.func(fc.integer()), (draw, before, atMs, shuffle) => {
        const burnt = burnCredit(draw, before, atMs);
        const shuffled = [...before].sort((a, b) => shuffle(a.id) - shuffle(b.id));
        expect(burnCredit(draw, shuffled, atMs)).toEqual(burnt);
        const usable = afterBurning(before, burnt).filter((grant) => !isExpired(grant, atMs));
        const last = burnt.parts.at(-1);
        for (const grant of usable.sort(compareGrants)) {
          if (grant.id === last?.id) break;
          if (last !== undefined) expect(grant.leftNanoUsd).toBe(0n);
        }
      }),
    );
  });

  it('is the same in two draws as in one of their sum', () => {
    fc.assert(
      fc.property(amount, amount, grants, moment, (first, second, before, atMs) => {
        const whole = afterBurning(before, burnCredit(nanoUsd(first + second), before, atMs));
        const half = afterBurning(before, burnCredit(first, before, atMs));
        expect(afterBurning(half, burnCredit(second, half, atMs))).toEqual(whole);
      }),
    );
  });

  it('goes by priority, then soonest expiry, then promotional before paid, then age', () => {
    const grant = (id: string, change: Partial<BurnableGrant>): BurnableGrant => ({
      ...{ id, priority: 50, expiresAtMs: null, promotional: false, createdAtMs: 5, leftNanoUsd: nanoUsd(1n) },
      ...change,
    });
    const ordered = [
      grant('first', { priority: 0 }),
      grant('soon', { expiresAtMs: 10 }),
      grant('later', { expiresAtMs: 20, promotional: true }),
      grant('given', { promotional: true }),
      grant('old', { createdAtMs: 1 }),
      grant('new', {}),
      grant('last', { priority: 100, expiresAtMs: 1, promotional: true }),
    ];
    expect(burnCredit(nanoUsd(7n), ordered.toReversed(), 0).parts.map(({ id }) => id)).toEqual(
      ordered.map(({ id }) => id),
    );
  });
});
