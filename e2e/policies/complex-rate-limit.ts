import assert from 'node:assert/strict';
import { eventually } from '../eventually.ts';
import { HOUR_SECONDS, MINUTE_SECONDS, roomIn } from '../moments.ts';
import { upstreamStats, whileUpstreamWaits } from '../upstream.ts';
import { expectProblem, expectStatus, times } from './expect.ts';
import type { PolicySuite } from './scenario.ts';
import type { Policy, Stage } from './stage.ts';

const counting = (options: Record<string, unknown>, shadow = false): Policy => {
  return { type: 'complex-rate-limit', options, shadow };
};
const counter = (counts: string, limit: string, given: Record<string, string> = {}) => {
  return { name: 'used', counts, limit, period: 'day', ...given };
};

/** Thousand cheap calls and three dear ones are the most that one minute admits. */
const CHEAP_TOKENS = 20;
const TOKENS_AND_DOLLARS = counting({
  counters: [
    counter('total_tokens', String(1_000 * CHEAP_TOKENS), { name: 'tokens', period: 'minute' }),
    counter('usd', '0.06', { name: 'dollars', period: 'minute' }),
  ],
});
const cheap = { max_tokens: 12, upstream: { reportedPromptTokens: 8, reportedCompletionTokens: 12 } };
const dear = { ...cheap, model: 'toll-large' };
/** 20 tokens cost 0.00002 dollars with the small model and 0.02 with the large one. */
const PRICES = (['input_tokens', 'output_tokens'] as const).map((meter) => ({
  key: meter,
  name: meter,
  price: {
    kind: 'per-model-token' as const,
    meter,
    usdPerMillionByModel: { 'toll-small': '1', 'toll-large': '1000' },
    defaultUsdPerMillion: null,
  },
}));
const LANES = 25;

/** So many calls, some at once, all at one gateway: what its answers added is counted before it decides the next. */
async function inLanes(count: number, call: () => Promise<Response>): Promise<void> {
  let left = count;
  const lane = async () => {
    while (left-- > 0) expectStatus(await call(), 200);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function stopped(stage: Stage, policy: Policy, calls: number, exhausted: string): Promise<void> {
  await stage.set({ api: [policy] });
  const { key } = await stage.subscriber();
  const answers = await times(calls, () => stage.chat(key, cheap));
  await expectProblem(answers.at(-1) as Response, { slug: 'rate-limited', exhausted });
}

export const complexRateLimitSuite: PolicySuite = {
  policy: 'complex-rate-limit',
  scenarios: [
    {
      title: 'one policy: 1,000 cheap calls are stopped by tokens a minute, 3 dear ones by dollars a minute',
      statuses: { 200: 1_003, 429: 2 },
      async play(stage) {
        await stage.set({ api: [TOKENS_AND_DOLLARS] });
        const many = await stage.subscriber({ terms: { rateCards: PRICES } });
        const few = await stage.subscriber({ terms: { rateCards: PRICES } });
        await roomIn(MINUTE_SECONDS, 50);
        await inLanes(1_000, () => stage.chat(many.key, cheap));
        await expectProblem(await stage.chat(many.key, cheap), { slug: 'rate-limited', exhausted: 'tokens' });
        await times(3, async () => expectStatus(await stage.chat(few.key, dear, { gateway: 1 }), 200));
        const refusal = await stage.chat(few.key, dear, { gateway: 1 });
        await expectProblem(refusal, { slug: 'rate-limited', exhausted: 'dollars' });
      },
    },
    {
      title: 'requests',
      statuses: { 200: 3, 429: 1 },
      play: (stage) => stopped(stage, counting({ counters: [counter('requests', '3')] }), 4, 'used'),
    },
    {
      title: 'output tokens alone, and input tokens beside them',
      statuses: { 200: 2, 429: 1 },
      play: (stage) => {
        const counters = [counter('output_tokens', '24', { name: 'written' }), counter('input_tokens', '999')];
        return stopped(stage, counting({ counters }), 3, 'written');
      },
    },
    {
      title: 'bytes of answers',
      statuses: { 200: 1, 429: 1 },
      play: (stage) => stopped(stage, counting({ counters: [counter('bytes_out', '10')] }), 2, 'used'),
    },
    {
      title: 'a field that the extractor reads',
      statuses: { 200: 2, 429: 1 },
      play: (stage) => {
        const counters = [counter('field', '40', { field: 'total_tokens' })];
        return stopped(stage, counting({ counters }), 3, 'used');
      },
    },
    {
      title: 'by agent: its keys together, another agent beside it',
      statuses: { 200: 3, 429: 1 },
      async play(stage) {
        await stage.set({ api: [counting({ by: 'agent', counters: [counter('requests', '2')] })] });
        const customer = await stage.subscriber();
        const other = await stage.key(customer, { agentId: await stage.agent(customer) });
        for (const key of [customer.key, await stage.key(customer), customer.key, other]) await stage.quote(key);
      },
    },
    {
      title: 'maxInFlight: what runs at once is bounded over both gateways',
      statuses: { 200: 2, 429: 2 },
      async play(stage) {
        await roomIn(HOUR_SECONDS, 60);
        await stage.set({ api: [counting({ maxInFlight: 2, counters: [counter('requests', '1000')] })] });
        const { key } = await stage.subscriber();
        const running = await whileUpstreamWaits(async () => {
          const started = ([0, 1] as const).map((gateway) => stage.quote(key, { gateway }));
          await eventually('two calls run', 30_000, async () => ((await upstreamStats()).held === 2 ? true : null));
          for (const gateway of [0, 1] as const) {
            const refusal = await stage.quote(key, { gateway });
            await expectProblem(refusal, { slug: 'too-many-running', limit: '2' });
          }
          return started;
        });
        await Promise.all(running);
      },
    },
    {
      title: 'shadow: noted, not refused',
      statuses: { 200: 2 },
      async play(stage) {
        await stage.set({ api: [counting({ counters: [counter('requests', '1')] }, true)] });
        const { key } = await stage.subscriber();
        const answers = await times(2, () => stage.quote(key));
        assert.deepEqual(
          answers.map(({ headers }) => headers.get('tollwright-shadow')),
          [null, '1'],
        );
      },
    },
  ],
};
