import { describe, expect, it } from 'vitest';
import { expiryOf } from './expiry.ts';

describe('expiryOf', () => {
  it('counts days from now', () => {
    expect(expiryOf('30', Date.parse('2026-11-24T10:00:00Z'))).toBe('2026-12-24T10:00:00.000Z');
  });

  it.each(['', '0', 'soon'])('never expires for %j', (days) => {
    expect(expiryOf(days, 0)).toBeNull();
  });
});
