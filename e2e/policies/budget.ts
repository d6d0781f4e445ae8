import assert from 'node:assert/strict';
import { eventually } from '../eventually.ts';
import { done } from '../management.ts';
import { agentBudget, perCall, type Subscriber, USD } from '../subscriber.ts';
import { expectProblem, expectStatus, times, turn } from './expect.ts';
import { NOTICED_MS_MAX, noticed, untilNoticed } from './notices.ts';
import type { PolicySuite } from './scenario.ts';
import type { Stage } from './stage.ts';

const CENT = USD / 100n;
const CENT_A_CALL = { rateCards: [perCall('0.01')] };

function setBudget({ management }: Stage, customer: Subscriber, given: Record<string, unknown>): Promise<unknown> {
  const own = { customerId: customer.customerId, subject: 'customer' as const, subjectId: customer.customerId };
  const body = { ...own, limitNanoUsd: (4n * CENT).toString(), period: 'month' as const, ...given };
  return done(management.PUT('/budgets', { body }));
}

export const budgetSuite: PolicySuite = {
  policy: 'budget',
  scenarios: [
    {
      title: "an agent's budget: 30 calls at once over both gateways, exactly what it affords",
      statuses: { 200: 10, 429: 20 },
      async play(stage) {
        await stage.set({});
        const customer = await stage.subscriber({ terms: CENT_A_CALL, agentBudgetNanoUsd: 10n * CENT });
        const calls = Array.from({ length: 30 }, (_, index) => stage.quote(customer.key, turn(index)));
        const answers = await Promise.all(calls);
        for (const answer of answers.filter(({ status }) => status === 429)) {
          assert.match(String(((await answer.json()) as { type: string }).type), /budget-(held|exhausted)$/);
        }
      },
    },
    {
      title: 'a tree of customer, agent and key: the tightest refuses, and says how much it was',
      statuses: { 200: 5, 429: 2 },
      async play(stage) {
        await stage.set({});
        const customer = await stage.subscriber({ terms: CENT_A_CALL });
        await setBudget(stage, customer, { limitNanoUsd: (5n * CENT).toString() });
        const budget = { limitNanoUsd: (2n * CENT).toString(), period: 'month' as const };
        const tight = await stage.key(customer, { budget });
        await times(2, (index) => stage.quote(tight, turn(index)));
        await stage.settled(customer);
        await expectProblem(await stage.quote(tight), { slug: 'budget-exhausted', limit: String(2n * CENT) });
        await times(3, (index) => stage.quote(customer.key, turn(index)));
        await stage.settled(customer);
        await expectProblem(await stage.quote(customer.key), { slug: 'budget-exhausted', limit: String(5n * CENT) });
      },
    },
    {
      title: 'a raised budget holds at once',
      statuses: { 200: 2, 429: 1 },
      async play(stage) {
        await stage.set({});
        const customer = await stage.subscriber({ terms: CENT_A_CALL, agentBudgetNanoUsd: CENT });
        await times(2, () => stage.quote(customer.key));
        const subjectId = customer.agentId;
        await setBudget(stage, customer, { subject: 'agent', subjectId, limitNanoUsd: String(2n * CENT) });
        expectStatus(await stage.quote(customer.key, turn(1)), 200);
        assert.equal((await agentBudget(stage.management, customer)).limit, 2n * CENT);
      },
    },
    {
      title: 'a soft budget refuses nobody, and tells of 50, 80, 95 and 100% once',
      statuses: { 200: 7 },
      async play(stage) {
        await stage.set({});
        const customer = await stage.subscriber({ terms: CENT_A_CALL });
        await setBudget(stage, customer, { soft: true });
        await times(6, () => stage.quote(customer.key));
        const told = [50, 80, 95, 100].map((percent) => ['customer', percent]);
        const sorted = (listed: [string, number][]) => listed.sort(([, a], [, b]) => a - b);
        assert.deepEqual(sorted(await untilNoticed(stage, customer, 4)), told);
        // The other gateway has told nobody of it yet, and what it tells is known.
        const answer = expectStatus(await stage.quote(customer.key, turn(1)), 200);
        await eventually('that call is listed', NOTICED_MS_MAX, async () => {
          const requestId = answer.headers.get('x-request-id') ?? '';
          const query = { customerId: customer.customerId, requestId };
          const { items } = await done(stage.management.GET('/events', { params: { query } }));
          return items.length > 0 ? true : null;
        });
        assert.deepEqual(sorted(await noticed(stage, customer)), told);
      },
    },
    {
      title: 'a hard budget below a soft one still refuses, and tells of its thresholds',
      statuses: { 200: 2, 429: 1 },
      async play(stage) {
        await stage.set({});
        const customer = await stage.subscriber({ terms: CENT_A_CALL, agentBudgetNanoUsd: 2n * CENT });
        await setBudget(stage, customer, { soft: true, limitNanoUsd: String(100n * CENT) });
        await times(3, () => stage.quote(customer.key));
        const listed = await untilNoticed(stage, customer, 4);
        assert.deepEqual(
          listed.map(([subject]) => subject),
          ['agent', 'agent', 'agent', 'agent'],
        );
      },
    },
    {
      title: 'a call without a cap is lowered to what the budget affords; outputTokensMin says how far',
      statuses: { 200: 1, 429: 1 },
      async play(stage) {
        const wordy = { upstream: { completionTokens: 1_000 } };
        // Affords some hundred output tokens at 2 dollars a million.
        const customer = await stage.subscriber({ agentBudgetNanoUsd: 500_000n });
        await stage.set({ api: [{ type: 'budget', options: { outputTokensMin: 1_000 } }] });
        await expectProblem(await stage.chat(customer.key, wordy), { slug: 'budget-exhausted' });
        await stage.set({ api: [{ type: 'budget', options: { outputTokensMin: 10 } }] });
        const answer = expectStatus(await stage.chat(customer.key, wordy), 200);
        const { usage } = (await answer.json()) as { usage: { completion_tokens: number } };
        assert.ok(usage.completion_tokens >= 10 && usage.completion_tokens < 1_000);
      },
    },
  ],
};
