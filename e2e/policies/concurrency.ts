import assert from 'node:assert/strict';
import { eventually } from '../eventually.ts';
import { HOUR_SECONDS, roomIn } from '../moments.ts';
import { upstreamStats, whileUpstreamWaits } from '../upstream.ts';
import { expectProblem } from './expect.ts';
import type { PolicySuite } from './scenario.ts';
import type { Policy, Stage } from './stage.ts';

const places = (options: Record<string, unknown>, shadow = false): Policy => {
  return { type: 'concurrency', options, shadow };
};
const DECIDED_MS_MAX = 30_000;

/** Starts calls while the upstream answers nothing, until so many wait there and all others are refused. Their answers. */
async function together(calls: readonly (() => Promise<Response>)[], running: number): Promise<Response[]> {
  await roomIn(HOUR_SECONDS, 60);
  let refused = 0;
  const pending = await whileUpstreamWaits(async () => {
    const started = calls.map(async (call) => {
      const answer = await call();
      if (answer.status === 429) refused++;
      return answer;
    });
    await eventually('every call runs or is refused', DECIDED_MS_MAX, async () =>
      (await upstreamStats()).held === running && refused === calls.length - running ? true : null,
    );
    return started;
  });
  return Promise.all(pending);
}

function quotes(stage: Stage, keys: readonly string[]): (() => Promise<Response>)[] {
  return keys.map((key, index) => () => stage.quote(key, { gateway: index % 2 === 0 ? 0 : 1 }));
}

export const concurrencySuite: PolicySuite = {
  policy: 'concurrency',
  scenarios: [
    {
      title: 'by key: exact over both gateways, and free again when calls end',
      statuses: { 200: 4, 429: 5 },
      async play(stage) {
        await stage.set({ api: [places({ limit: 3 })] });
        const customer = await stage.subscriber();
        const answers = await together(quotes(stage, Array(8).fill(customer.key)), 3);
        const refusal = answers.find(({ status }) => status === 429);
        assert.ok(refusal);
        assert.equal(refusal.headers.get('retry-after'), '1');
        await expectProblem(refusal, { slug: 'too-many-running', limit: '3', exhausted: 'default' });
        // Places are given back in the batch that also charges the call.
        await stage.settled(customer);
        assert.equal((await stage.quote(customer.key)).status, 200);
      },
    },
    {
      title: 'by agent: its keys together, other agents beside it',
      statuses: { 200: 3, 429: 2 },
      async play(stage) {
        await stage.set({ api: [places({ limit: 2, by: 'agent' })] });
        const customer = await stage.subscriber();
        const second = await stage.key(customer);
        const other = await stage.key(customer, { agentId: await stage.agent(customer) });
        await together(quotes(stage, [customer.key, second, customer.key, second, other]), 3);
      },
    },
    {
      title: 'by customer: all agents together',
      statuses: { 200: 2, 429: 2 },
      async play(stage) {
        await stage.set({ api: [places({ limit: 2, by: 'customer' })] });
        const customer = await stage.subscriber();
        const other = await stage.key(customer, { agentId: await stage.agent(customer) });
        await together(quotes(stage, [customer.key, other, customer.key, other]), 2);
      },
    },
    {
      title: 'by route: everyone together, each gateway its share',
      statuses: { 200: 5, 429: 2 },
      async play(stage) {
        await stage.set({ route: { getQuote: [places({ limit: 4, by: 'route' })] } });
        const [one, two] = [await stage.subscriber(), await stage.subscriber()];
        const calls = quotes(stage, [one.key, two.key, one.key, two.key, two.key, one.key]);
        await together([...calls, () => stage.weather(one.key)], 5);
      },
    },
    {
      title: 'shadow: noted, not refused',
      statuses: { 200: 3 },
      async play(stage) {
        await stage.set({ api: [places({ limit: 1 }, true)] });
        const { key } = await stage.subscriber();
        const answers = await together(quotes(stage, [key, key, key]), 3);
        assert.equal(answers.filter(({ headers }) => headers.get('tollwright-shadow') === '1').length, 2);
      },
    },
  ],
};
