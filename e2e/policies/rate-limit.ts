import assert from 'node:assert/strict';
import { DAY_SECONDS, roomIn, untilRetry } from '../moments.ts';
import { expectProblem, expectStatus, times, turn } from './expect.ts';
import type { PolicySuite } from './scenario.ts';
import type { Policy, Stage } from './stage.ts';

const limit = (options: Record<string, unknown>, shadow = false): Policy => {
  return { type: 'rate-limit', options: { windowSeconds: DAY_SECONDS, ...options }, shadow };
};

/** Sets the limit, whose windows are days unless they are named. */
function setLimit(stage: Stage, options: Record<string, unknown>): Promise<void> {
  return stage.set({ api: [limit(options)] });
}

export const rateLimitSuite: PolicySuite = {
  policy: 'rate-limit',
  scenarios: [
    {
      title: 'fixed window by key: exact over both gateways, and it says so',
      statuses: { 200: 6, 429: 3 },
      async play(stage) {
        await setLimit(stage, { name: 'burst', limit: 5, by: 'key' });
        const customer = await stage.subscriber();
        const answers = await times(8, (index) => stage.quote(customer.key, turn(index)));
        assert.equal(answers[0]?.headers.get('ratelimit-policy'), `"rate-limit-burst";q=5;w=${DAY_SECONDS}`);
        assert.match(answers[0]?.headers.get('ratelimit') ?? '', /^"rate-limit-burst";r=4;t=\d+$/);
        await expectProblem(answers[7] as Response, { slug: 'rate-limited', exhausted: 'burst', limit: '5' });
        expectStatus(await stage.quote(await stage.key(customer)), 200);
      },
    },
    {
      title: 'fixed window: 40 calls at once over both gateways, exactly 15 served',
      statuses: { 200: 15, 429: 25 },
      async play(stage) {
        await setLimit(stage, { limit: 15 });
        const { key } = await stage.subscriber();
        await Promise.all(Array.from({ length: 40 }, (_, index) => stage.quote(key, turn(index))));
      },
    },
    {
      title: 'fixed window: after Retry-After the next one is open',
      statuses: { 200: 3, 429: 1 },
      async play(stage) {
        const windowSeconds = 20;
        await stage.set({ api: [limit({ limit: 2, windowSeconds })] });
        const { key } = await stage.subscriber();
        await roomIn(windowSeconds, 14);
        await times(2, (index) => stage.quote(key, turn(index)));
        await untilRetry(expectStatus(await stage.quote(key), 429));
        expectStatus(await stage.quote(key), 200);
      },
    },
    {
      title: 'sliding window: each gateway admits its share, and goes on after Retry-After',
      statuses: { 200: 5, 429: 2 },
      async play(stage) {
        const windowSeconds = 10;
        await stage.set({ api: [limit({ limit: 4, windowSeconds, algorithm: 'sliding-window' })] });
        const { key } = await stage.subscriber();
        const answers = await Promise.all(Array.from({ length: 6 }, (_, index) => stage.quote(key, turn(index))));
        const refusal = answers.find(({ status }, index) => status === 429 && turn(index).gateway === 0);
        assert.ok(refusal, 'more calls at once than a share are refused');
        await untilRetry(refusal);
        expectStatus(await stage.quote(key), 200);
      },
    },
    {
      title: 'token bucket: a burst at once, shared by the gateways',
      statuses: { 200: 6, 429: 4 },
      async play(stage) {
        await stage.set({ api: [limit({ limit: 60, burst: 6, algorithm: 'token-bucket' })] });
        const { key } = await stage.subscriber();
        await times(10, (index) => stage.quote(key, turn(index)));
      },
    },
    {
      title: 'token bucket: fills again at limit / windowSeconds',
      statuses: { 200: 2, 429: 1 },
      async play(stage) {
        await stage.set({ api: [limit({ limit: 2, windowSeconds: 10, burst: 2, algorithm: 'token-bucket' })] });
        const { key } = await stage.subscriber();
        const answers = await Promise.all([stage.quote(key), stage.quote(key)]);
        const refusal = answers.find(({ status }) => status === 429);
        assert.ok(refusal, 'one of two calls at once is refused');
        // One call in ten seconds is this gateway's share.
        await untilRetry(refusal);
        expectStatus(await stage.quote(key), 200);
      },
    },
    {
      title: 'by customer: two keys of one account together, another account beside it',
      statuses: { 200: 4, 429: 1 },
      async play(stage) {
        await setLimit(stage, { limit: 2, by: 'customer' });
        const [one, two] = [await stage.subscriber(), await stage.subscriber()];
        const second = await stage.key(one, { agentId: await stage.agent(one) });
        for (const key of [one.key, second, one.key, two.key, two.key]) await stage.quote(key);
      },
    },
    {
      title: 'by agent: its keys together, another agent beside it',
      statuses: { 200: 3, 429: 2 },
      async play(stage) {
        await setLimit(stage, { limit: 2, by: 'agent' });
        const customer = await stage.subscriber();
        const second = await stage.key(customer);
        const other = await stage.key(customer, { agentId: await stage.agent(customer) });
        for (const key of [customer.key, second, customer.key, second, other]) await stage.quote(key);
      },
    },
    {
      title: 'by address: keys of one account behind one address together; X-Forwarded-For makes no other',
      statuses: { 200: 2, 429: 2 },
      async play(stage) {
        await setLimit(stage, { limit: 2, by: 'ip' });
        const customer = await stage.subscriber();
        const second = await stage.key(customer);
        await stage.quote(customer.key);
        await stage.quote(second, turn(1));
        await stage.quote(second);
        await stage.quote(second, { headers: { 'x-forwarded-for': '203.0.113.9' } });
      },
    },
    {
      title: 'by header: each value counts by itself',
      statuses: { 200: 4, 429: 2 },
      async play(stage) {
        await setLimit(stage, { limit: 2, by: 'header', header: 'x-session' });
        const { key } = await stage.subscriber();
        for (const session of ['a', 'b', 'a', 'b', 'a', 'b'])
          await stage.quote(key, { headers: { 'x-session': session } });
      },
    },
    {
      title: 'by function: each model counts by itself',
      statuses: { 200: 2, 429: 2 },
      async play(stage) {
        await setLimit(stage, { limit: 1, by: 'function', function: 'model' });
        const { key } = await stage.subscriber();
        for (const model of ['toll-small', 'toll-large', 'toll-small', 'toll-large']) await stage.chat(key, { model });
      },
    },
    {
      title: 'by function: each operation counts by itself',
      statuses: { 200: 2, 429: 1 },
      async play(stage) {
        await setLimit(stage, { limit: 1, by: 'function', function: 'operation' });
        const { key } = await stage.subscriber();
        await stage.quote(key);
        await stage.weather(key);
        await stage.quote(key);
      },
    },
    {
      title: 'limits chosen by plan',
      statuses: { 200: 4, 429: 4 },
      async play(stage) {
        const [large, small] = [await stage.onPlan([]), await stage.subscriber()];
        await setLimit(stage, { limit: 1, limitsByPlan: { [large.planKey]: 3 } });
        for (const { key } of [large, small]) await times(4, (index) => stage.quote(key, turn(index)));
      },
    },
    {
      title: "a plan's limit replaces the API's of the same name; another name holds beside it",
      statuses: { 200: 2, 429: 2 },
      async play(stage) {
        await setLimit(stage, { name: 'burst', limit: 1 });
        const wider = await stage.onPlan([limit({ name: 'burst', limit: 5 }), limit({ name: 'daily', limit: 2 })]);
        const answers = await times(4, (index) => stage.quote(wider.key, turn(index)));
        await expectProblem(answers[3] as Response, { exhausted: 'daily' });
      },
    },
    {
      title: 'shadow: counted and noted, not refused',
      statuses: { 200: 4 },
      async play(stage) {
        await stage.set({ api: [limit({ limit: 2 }, true)] });
        const { key } = await stage.subscriber();
        const answers = await times(4, (index) => stage.quote(key, turn(index)));
        const shadows = answers.map(({ headers }) => headers.get('tollwright-shadow'));
        assert.deepEqual(shadows, [null, null, '1', '1']);
      },
    },
  ],
};
