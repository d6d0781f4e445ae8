import { describe, expect, it } from 'vitest';
import { neverBelowNothing } from './adjustments.ts';
import type { DraftLine } from './usage-lines.ts';

const at = new Date(0);
const nameless = { planVersionId: null, rateCardKey: null, meter: null, model: null, quantity: null };
const line = (kind: DraftLine['kind'], amountNanoUsd: bigint): DraftLine => {
  return { kind, ...nameless, amountNanoUsd, startsAt: at, endsAt: at };
};
const kept = (...lines: DraftLine[]) =>
  neverBelowNothing(lines).map(({ kind, amountNanoUsd }) => [kind, amountNanoUsd]);

describe('lines of an invoice', () => {
  it('stay as they are where they ask for something', () => {
    expect(kept(line('fee', 5n), line('usage', 1n), line('rerating', -6n))).toEqual([
      ['fee', 5n],
      ['usage', 1n],
      ['rerating', -6n],
    ]);
  });

  it('give back what there is, and leave out what gives nothing back any more', () => {
    expect(kept(line('usage', 10n), line('rerating', -8n), line('discount', -4n), line('discount', -3n))).toEqual([
      ['usage', 10n],
      ['rerating', -8n],
      ['discount', -2n],
    ]);
  });

  it('never lose what is asked for, or what credit paid', () => {
    expect(kept(line('usage', 5n), line('credit', -5n), line('minimum', -1n), line('rerating', -2n))).toEqual([
      ['usage', 5n],
      ['credit', -5n],
    ]);
  });
});
