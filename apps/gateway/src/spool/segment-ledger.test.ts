import { describe, expect, it } from 'vitest';
import { SegmentLedger } from './segment-ledger.ts';

describe('segment ledger', () => {
  it('gives a segment up when its items are committed and its calls settled, oldest first', () => {
    const ledger = new SegmentLedger();
    ledger.begin(1);
    const call = ledger.retain();
    ledger.noteSequence(4);
    ledger.begin(2);
    ledger.noteSequence(9);
    ledger.begin(3);
    expect(ledger.takeFinished(9)).toEqual([]);
    ledger.release(call);
    expect(ledger.takeFinished(3)).toEqual([]);
    expect(ledger.takeFinished(8)).toEqual([1]);
    expect(ledger.takeFinished(9)).toEqual([2]);
    expect(ledger.takeFinished(9)).toEqual([]);
  });

  it('never gives up the current segment', () => {
    const ledger = new SegmentLedger();
    ledger.begin(1);
    expect(ledger.takeFinished(100)).toEqual([]);
  });
});
