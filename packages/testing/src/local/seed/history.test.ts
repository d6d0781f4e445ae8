import { planTerms } from '@tollwright/contracts';
import { describe, expect, it } from 'vitest';
import type { Caller } from './agents.ts';
import { PLANS } from './demo.ts';
import { CUSTOMERS } from './demo-customers.ts';
import { tokensOf, weekOfCalls } from './history.ts';

const endsAtMs = Date.UTC(2026, 10, 24, 4);

function callers(): Caller[] {
  return CUSTOMERS.flatMap((customer) => {
    const plan = PLANS.find((one) => one.key === customer.plan);
    if (plan === undefined) throw new Error(`there is no plan ${customer.plan}`);
    const quotas = plan.terms.quotas.map((quota) => ({ ...quota, meters: ['input_tokens'], onExhausted: 'reject' }));
    const terms = planTerms.parse({ currency: 'usd', billingPeriod: 'month', ...plan.terms, quotas });
    return customer.agents
      .filter((agent) => agent.weight > 0)
      .map((agent) => ({
        providerId: 'prv',
        customerId: customer.name,
        customer,
        agent,
        agentId: agent.name,
        projectId: agent.project,
        keyId: `key ${agent.name}`,
        plan: { planId: 'pln_demo', planVersionId: plan.key, terms },
        nodes: [
          { node: `budget:${agent.name}`, limit: BigInt(agent.budgetNanoUsd ?? '100000000000'), counts: 'money' },
          { node: `quota:${customer.name}`, limit: terms.quotas[0]?.limit ?? 0n, counts: 'tokens' },
        ],
      }));
  });
}

const week = weekOfCalls({ callers: callers(), apiId: 'api', routeIds: new Map(), endsAtMs, spoolId: 'spl' });

describe('weekOfCalls', () => {
  it('is the same every time', () => {
    const again = weekOfCalls({ callers: callers(), apiId: 'api', routeIds: new Map(), endsAtMs, spoolId: 'spl' });
    expect(again).toEqual(week);
  });

  it('is a week of several thousand calls in order of time, with ids of their own', () => {
    expect(week.length).toBeGreaterThan(4_000);
    const times = week.map((event) => Date.parse(event.occurredAt));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(endsAtMs - 7 * 86_400_000);
    expect(Math.max(...times)).toBeLessThanOrEqual(endsAtMs);
    expect(new Set(week.map((event) => event.eventId)).size).toBe(week.length);
  });

  it('is busier by day than by night', () => {
    const between = (from: number, to: number) =>
      week.filter((event) => {
        const hour = new Date(event.occurredAt).getUTCHours();
        return hour >= from && hour < to;
      }).length;
    expect(between(12, 16)).toBeGreaterThan(3 * between(0, 4));
  });

  it('fits every budget and quota that it is charged to', () => {
    const spent = new Map<string, bigint>();
    for (const event of week) {
      for (const { node, amount } of event.charges) spent.set(node, (spent.get(node) ?? 0n) + amount);
    }
    for (const { nodes } of callers()) {
      for (const { node, limit } of nodes) expect(spent.get(node) ?? 0n).toBeLessThanOrEqual(limit);
    }
  });

  it('charges nothing and counts no tokens for calls that failed', () => {
    const failed = week.filter((event) => event.status >= 500);
    expect(failed.length).toBeGreaterThan(10);
    expect(failed.every((event) => event.chargedNanoUsd === 0n && tokensOf(event) === 0)).toBe(true);
  });
});
