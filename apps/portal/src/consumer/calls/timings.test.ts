import { describe, expect, it } from 'vitest';
import { timingsOf } from './timings.ts';

describe('timingsOf', () => {
  it('reads what the gateway reported', () => {
    expect(timingsOf({ firstByteMs: 12.5, upstreamStatus: 200, estimated: true })).toEqual({
      firstByteMs: 12.5,
      upstreamStatus: 200,
      estimated: true,
    });
  });

  it('has nothing for what is missing or of another type', () => {
    expect(timingsOf({ firstByteMs: null, upstreamStatus: '200' })).toEqual({
      firstByteMs: null,
      upstreamStatus: null,
      estimated: false,
    });
  });
});
