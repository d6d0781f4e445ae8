import type { PolicyConfig, SnapshotRoute } from '@tollwright/contracts';
import { createPolicies, type PolicySet } from '@tollwright/policies';
import { describe, expect, it } from 'vitest';
import type { Visit } from '../pipeline/visit.ts';
import { askAll, judgeShadowed, limitedBy, takeOwn } from './asked.ts';
import type { CallView } from './call-view.ts';
import { type Guard, runBody, runHead } from './guard.ts';
import { ShareLimits } from '../limits/share-limits.ts';
import { SlotLimits } from '../limits/slot-limits.ts';
import { type CallTrace, trace } from './trace.ts';

const NOW_MS = 1_800_000_000_000;
const route: SnapshotRoute = {
  ...{ id: 'rte_1', operationId: 'chat', method: 'POST', pathTemplate: '/chat', extractorId: null },
  ...{ bodyBytesMax: 1_000, strangerPriceNanoUsd: null, policies: [] },
};
const config = (type: string, options: PolicyConfig['options'], shadow = false): PolicyConfig => ({
  type,
  options,
  shadow,
});
const principal = {
  key: { keyId: 'key_1', agentId: 'agt_1', scopes: ['a'] },
  customer: { customerId: 'cus_1' },
};

function guardFor(policies: PolicyConfig[]): Guard {
  const set = createPolicies(
    { api: policies, route: [], plan: [] },
    { apiId: 'api_1', route, plan: null },
  ) as PolicySet;
  const call = {
    ...{ clientIp: '192.0.2.1', principal, planKey: null, nowMs: NOW_MS, bodyBytes: null, text: () => null },
    ...{ header: () => undefined, document: () => ({ kind: 'none' }), takeBody: () => undefined },
  };
  return {
    ...{ set, call: call as unknown as CallView, bodyBytesMax: null, edits: [], shadowed: [], beyond: null },
    refusedBy: null,
  };
}

const traced: CallTrace[] = [];
const visitWith = (traceSample: number, onTrace: Visit['gateway']['onTrace'] = (one) => void traced.push(one)) =>
  ({ requestId: 'req_1', eventId: 'spl_1-1', startedAtMs: NOW_MS, gateway: { onTrace, traceSample } }) as Visit;
const nothing = { asked: null, asks: [], granted: null };
const about = { apiId: 'api_1', routeId: 'rte_1', keyId: 'key_1' };

describe('the trace of a call', () => {
  it('names who refused, who came before, and who was not reached', () => {
    const guard = guardFor([
      config('rate-limit', { limit: 5 }),
      config('scopes', { scopes: ['b'] }),
      config('ip-filter', { deny: ['192.0.2.0/24'] }, true),
      config('monetization', { requires: ['vision'] }),
    ]);
    const problem = runHead(guard);
    trace(visitWith(0), () => ({ ...about, ...nothing, guard, problem }), true);
    const made = traced.pop();
    expect(made).toMatchObject({ outcome: 'refused', problem: 'missing-scope', keyId: 'key_1' });
    expect(made?.policies.map(({ policy, decision, problem: said }) => [policy, decision, said])).toEqual([
      ['api-key', 'allowed', null],
      ['ip-filter', 'would-refuse', 'forbidden'],
      ['scopes', 'refused', 'missing-scope'],
      ['monetization', 'not-reached', null],
      ['rate-limit:default', 'not-reached', null],
    ]);
  });

  it('shows limits before and after, of the account and of policies', () => {
    const guard = guardFor([config('rate-limit', { limit: 5 }), config('concurrency', { limit: 9 })]);
    const asked = askAll(guard, { quantities: [] } as never);
    const budget = { node: 'budget:b', period: 'month' as const, periodId: 'p', endsAtMs: null };
    const place = { node: 'running:api_1:default:key_1', period: 'hour' as const, periodId: 'p', endsAtMs: null };
    const granted = {
      windows: [{ window: 'rate:api_1:default:cus_1', limit: 5, remaining: 3, resetAtMs: NOW_MS }],
      nodes: [
        { ...budget, limit: 100n, spent: 10n, held: 30n },
        { ...place, limit: 9n, spent: 0n, held: 4n },
      ],
    };
    const asks = [
      { node: 'budget:b', kind: 'budget' as const, period: 'month' as const, limit: 100n, amount: 20n },
      ...asked.holds.map(({ ask }) => ask),
    ];
    trace(visitWith(1), () => ({ ...about, guard, asked, asks, granted, problem: null }), false);
    expect(traced.pop()?.policies.map(({ policy, limit, before, after }) => [policy, limit, before, after])).toEqual([
      ['api-key', null, null, null],
      ['budget:b', '100', '20', '40'],
      ['concurrency:default', '9', '3', '4'],
      ['rate-limit:default', '5', '1', '2'],
    ]);
  });

  it('of a granted call is made for the sample only, and of no call when nobody listens', () => {
    const build = () => {
      throw new Error('it was built');
    };
    trace(visitWith(0), build, false);
    trace(visitWith(1, null), build, true);
    expect(traced).toEqual([]);
  });
});

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
