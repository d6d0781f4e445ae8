import { describe, expect, it } from 'vitest';
import { ShareLimits } from '../limits/share-limits.ts';
import { SlotLimits } from '../limits/slot-limits.ts';
import { askAll, judgeShadowed, limitedBy, takeOwn } from './asked.ts';
import { runBody, runHead } from './guard.ts';
import { config, guardFor, NOW_MS } from './guard-harness.ts';

describe('shadowed limits', () => {
  it('are asked without end, judged by what was counted, and counted once for a call', () => {
    const guard = guardFor([config('rate-limit', { limit: 2 }, true), config('concurrency', { limit: 1 }, true)]);
    const asked = askAll(guard, { quantities: [] } as never);
    const [window] = asked.windows;
    const [hold] = asked.holds;
    if (window === undefined || hold === undefined) throw new Error('nothing was asked');
    const grantedAt = (taken: number, held: bigint) => ({
      windows: [
        {
          window: window.take.window,
          limit: window.take.limit,
          remaining: window.take.limit - taken,
          resetAtMs: NOW_MS,
        },
      ],
      nodes: [
        {
          node: hold.ask.node,
          period: 'hour' as const,
          periodId: 'p',
          endsAtMs: null,
          limit: hold.ask.limit,
          spent: 0n,
          held,
        },
      ],
    });
    judgeShadowed(guard, asked, grantedAt(2, 1n), NOW_MS);
    expect(guard.shadowed).toEqual([]);
    judgeShadowed(guard, asked, grantedAt(3, 2n), NOW_MS);
    judgeShadowed(guard, asked, grantedAt(4, 3n), NOW_MS);
    expect(guard.shadowed.map(({ policy, problem }) => [policy.type, problem.slug])).toEqual([
      ['rate-limit', 'rate-limited'],
      ['concurrency', 'too-many-running'],
    ]);
  });
});

describe('limits of this process', () => {
  it('are taken all or none, in order, and undone when a later one is full', () => {
    const limits = { shares: new ShareLimits(), slots: new SlotLimits() };
    const guard = guardFor([
      config('concurrency', { limit: 1, by: 'route' }),
      config('rate-limit', { limit: 2, algorithm: 'token-bucket' }),
    ]);
    const asked = askAll(guard, { quantities: [] } as never);
    const first = takeOwn(limits, guard, asked, NOW_MS);
    const second = takeOwn(limits, guard, asked, NOW_MS);
    if (first.kind !== 'taken' || second.kind !== 'full') throw new Error(`${first.kind}, then ${second.kind}`);
    expect(limitedBy(second.policy, second.refusal, guard, NOW_MS)).toMatchObject({
      problem: { slug: 'too-many-running' },
    });
    first.leave();
    expect(takeOwn(limits, guard, asked, NOW_MS).kind).toBe('taken');
  });
});

describe('a body', () => {
  it('that was read before a smaller limit was in force is refused with it', () => {
    const guard = guardFor([config('request-size', { bytesMax: 3 })]);
    expect(runHead(guard)).toBeNull();
    expect(runBody(guard, Buffer.from('abc'))).toBeNull();
    expect(runBody(guard, Buffer.from('abcd'))).toMatchObject({ slug: 'body-too-large', members: { limit: 3 } });
  });
});
