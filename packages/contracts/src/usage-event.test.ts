import { describe, expect, it } from 'vitest';
import { readFixture } from './past-documents-harness.ts';
import { usageEvent } from './usage-event.ts';

const event = JSON.parse(readFixture('usage-event-v1')) as Record<string, unknown>;
const read = (change: Record<string, unknown>) => usageEvent.safeParse({ ...event, ...change });

describe('usage event v1', () => {
  it('reads amounts as bigints', () => {
    const parsed = usageEvent.parse(event);
    expect(parsed.charges.map(({ amount }) => amount)).toEqual([22_200n, 46n]);
    expect(parsed).toMatchObject({ ratedNanoUsd: 22_200n, shortfallNanoUsd: 0n, costNanoUsd: null });
  });

  it.each([
    ['another version', { schemaVersion: 2 }],
    ['an amount as a number', { chargedNanoUsd: 22_200 }],
    ['a negative amount', { chargedNanoUsd: '-1' }],
    ['an amount above what a counter holds', { ratedNanoUsd: '9000000000000001' }],
    ['a fraction of a nano-dollar', { ratedNanoUsd: '1.5' }],
    ['a charge without its period', { charges: [{ node: 'budget:k', amount: '1' }] }],
    ['an unknown rail', { rail: 'cash' }],
    ['an unknown decision', { decision: 'refused' }],
    ['nested data', { data: { usage: { input_tokens: 1 } } }],
    ['a time without its zone', { occurredAt: '2026-11-24T09:41:17' }],
    ['a negative duration', { durationMs: -1 }],
    ['bytes that are no whole number', { bytesOut: 1.5 }],
  ])('refuses %s', (_what, change) => {
    expect(read(change).success).toBe(false);
  });

  it('takes the largest amounts, and a call of a stranger', () => {
    expect(read({ ratedNanoUsd: '9000000000000000', costNanoUsd: '0' }).success).toBe(true);
    const stranger = {
      customerId: null,
      agentId: null,
      keyId: null,
      planVersionId: null,
      payer: `0x${'a'.repeat(40)}`,
    };
    expect(read({ ...stranger, rail: 'x402', paymentId: 'pay_1' }).success).toBe(true);
  });
});
