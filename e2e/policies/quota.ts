import assert from 'node:assert/strict';
import { bearer } from '../agent-calls.ts';
import { fromBase64, newPayer, type PaymentRequired } from '../payer.ts';
import { perCall } from '../subscriber.ts';
import { expectProblem, expectStatus, times, turn } from './expect.ts';
import { untilNoticed } from './notices.ts';
import type { PolicySuite } from './scenario.ts';
import type { Policy } from './stage.ts';

const CENT_A_CALL = { rateCards: [perCall('0.01')] };
const quota = (options: Record<string, unknown>): Policy => {
  return { type: 'quota', options: { name: 'calls', meters: ['requests'], period: 'day', ...options } };
};

export const quotaSuite: PolicySuite = {
  policy: 'quota',
  scenarios: [
    {
      title: 'reject: exact over both gateways',
      statuses: { 200: 12, 429: 18 },
      async play(stage) {
        await stage.set({ api: [quota({ limit: '12' })] });
        const { key } = await stage.subscriber();
        const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => stage.quote(key, turn(index))));
        const served = answers.filter(({ status }) => status === 200).length;
        assert.equal(served, 12);
      },
    },
    {
      title: 'reject: says what ran out, the limit and when it resets',
      statuses: { 200: 2, 429: 1 },
      async play(stage) {
        await stage.set({ api: [quota({ limit: '2' })] });
        const customer = await stage.subscriber();
        await times(2, (index) => stage.quote(customer.key, turn(index)));
        await stage.settled(customer);
        const resetAt = new Date(Math.ceil(Date.now() / 86_400_000) * 86_400_000).toISOString();
        const members = { slug: 'quota-exhausted', exhausted: 'calls', limit: '2', remaining: '0', resetAt };
        await expectProblem(await stage.quote(customer.key), members);
      },
    },
    {
      title: 'the worst case of a call is held: what may need more than the rest is refused, what fits is served',
      statuses: { 200: 1, 429: 1 },
      async play(stage) {
        await stage.set({ api: [quota({ name: 'tokens', meters: ['output_tokens'], limit: '100' })] });
        const { key } = await stage.subscriber();
        await expectProblem(await stage.chat(key, { max_tokens: 101 }), { slug: 'quota-exhausted', remaining: '100' });
        expectStatus(await stage.chat(key, { max_tokens: 100 }), 200);
      },
    },
    {
      title: 'overflow: 402 with offers, and a call that pays goes through with its key',
      statuses: { 200: 2, 402: 1 },
      async play(stage) {
        await stage.set({ api: [quota({ limit: '1', onExhausted: 'overflow' })] });
        const customer = await stage.subscriber();
        const { key } = customer;
        expectStatus(await stage.weather(key), 200);
        await stage.settled(customer);
        const asked = expectStatus(await stage.weather(key), 402);
        const { accepts } = fromBase64<PaymentRequired>(asked.headers.get('payment-required'));
        assert.equal(accepts[0]?.amount, '10000');
        const payer = await newPayer(10_000n);
        const paid = await payer.fetchV2(stage.urlOf('/weather?city=Lisbon'), { headers: bearer(key) });
        expectStatus(stage.note(paid), 200);
        assert.equal(await payer.balance(), 0n);
      },
    },
    {
      title: 'overflow where strangers have no price: 429 as reject',
      statuses: { 200: 1, 429: 1 },
      async play(stage) {
        await stage.set({ api: [quota({ limit: '1', onExhausted: 'overflow' })] });
        const { key } = await stage.subscriber();
        await times(2, () => stage.quote(key));
      },
    },
    {
      title: 'overage: goes on at its price for each unit beyond',
      statuses: { 200: 4 },
      async play(stage) {
        await stage.set({ api: [quota({ limit: '2', onExhausted: 'overage', overageUsdPerUnit: '0.05' })] });
        const { key } = await stage.subscriber({ terms: CENT_A_CALL });
        const answers = await times(4, () => stage.quote(key));
        const costs = answers.map(({ headers }) => headers.get('tollwright-cost-usd'));
        assert.deepEqual(costs, ['0.01', '0.01', '0.06', '0.06']);
      },
    },
    {
      title: 'notify: refuses nobody, and tells once that it is used up',
      statuses: { 200: 4 },
      async play(stage) {
        await stage.set({ api: [quota({ limit: '2', onExhausted: 'notify' })] });
        const customer = await stage.subscriber();
        await times(4, () => stage.quote(customer.key));
        assert.deepEqual(await untilNoticed(stage, customer, 1), [['calls', 100]]);
      },
    },
    {
      title: 'by key and by agent, on one plan',
      statuses: { 200: 3, 429: 2 },
      async play(stage) {
        await stage.set({});
        const customer = await stage.onPlan([
          quota({ name: 'key_calls', by: 'key', limit: '2' }),
          quota({ name: 'agent_calls', by: 'agent', limit: '3' }),
        ]);
        const second = await stage.key(customer);
        const answers: Response[] = [];
        for (const key of [customer.key, customer.key, customer.key, second, second])
          answers.push(await stage.quote(key));
        await expectProblem(answers[2] as Response, { exhausted: 'key_calls' });
        await expectProblem(answers[4] as Response, { exhausted: 'agent_calls' });
      },
    },
    {
      title: 'an anchored hour ends an hour after its anchor',
      statuses: { 200: 1, 429: 1 },
      async play(stage) {
        // Began half an hour ago: the border is half an hour away.
        const anchor = new Date(Date.now() - 1_800_000);
        await stage.set({ api: [quota({ limit: '1', period: 'hour', anchor: anchor.toISOString() })] });
        const customer = await stage.subscriber();
        await stage.quote(customer.key);
        await stage.settled(customer);
        const resetAt = new Date(anchor.getTime() + 3_600_000).toISOString();
        await expectProblem(await stage.quote(customer.key), { slug: 'quota-exhausted', resetAt });
      },
    },
    {
      title: 'a billing cycle begins with the subscription',
      statuses: { 200: 1, 429: 1 },
      async play(stage) {
        await stage.set({ api: [quota({ limit: '1', period: 'billing-cycle' })] });
        const beforeMs = Date.now();
        const { key } = await stage.subscriber();
        const answers = await times(2, () => stage.quote(key));
        const { resetAt } = (await (answers[1] as Response).json()) as { resetAt: string };
        const daysAhead = (Date.parse(resetAt) - beforeMs) / 86_400_000;
        assert.ok(daysAhead > 27.9 && daysAhead < 31.1, `the cycle ends in ${daysAhead} days`);
      },
    },
  ],
};
