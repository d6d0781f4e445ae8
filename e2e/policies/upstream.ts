import assert from 'node:assert/strict';
import { untilRetry } from '../moments.ts';
import { agentBudget, perCall, type Subscriber, USD } from '../subscriber.ts';
import { upstreamCall, upstreamUrl } from '../upstream.ts';
import { expectProblem, expectStatus, times } from './expect.ts';
import type { PolicySuite } from './scenario.ts';
import type { Stage } from './stage.ts';

const CENT = USD / 100n;
/** A loopback port that gateways may not connect to. */
const CLOSED = 'http://127.0.0.1:9';
const BREAKER = { kind: 'custom', failuresInARow: 3, failurePercent: 100, windowMs: 10_000, callsMin: 1_000 } as const;
/** Longer than a few calls take on a busy machine. */
const OPEN_MS = 10_000;
/** Far beyond what the sample upstream needs for an answer, and far below how long a slow one is told to take. */
const FIRST_BYTE_MS = 5_000;
const FAILING = { headers: { 'x-upstream-status': '503' } };
const SLOW = { headers: { 'x-upstream-delay-ms': '30000' } };

/** The port of the sample upstream, which speaks no TLS: a connection that is made and then breaks. */
function withoutTls(): string {
  return upstreamUrl().replace('http:', 'https:');
}

/** Another base path of the sample upstream, so that its log shows which of the two addresses was asked. */
function elsewhere(): string {
  return `${upstreamUrl()}/elsewhere`;
}

function payer(stage: Stage): Promise<Subscriber> {
  return stage.subscriber({ terms: { rateCards: [perCall('0.01')] }, agentBudgetNanoUsd: 100n * CENT });
}

async function expectSpent(stage: Stage, customer: Subscriber, spentNanoUsd: bigint): Promise<void> {
  await stage.settled(customer);
  assert.equal((await agentBudget(stage.management, customer)).spent, spentNanoUsd);
}

function seenUpstream(answer: Response): Promise<{ readonly target: string }> {
  return upstreamCall(answer.headers.get('x-request-id') ?? '');
}

export const upstreamSuite: PolicySuite = {
  policy: 'upstream',
  scenarios: [
    {
      title: 'an address that cannot be connected to: the next that can serves the call, which is charged once',
      statuses: { 200: 2 },
      async play(stage) {
        const customer = await payer(stage);
        const upstreamFallbacks = [withoutTls(), upstreamUrl()];
        await stage.set({ upstream: { upstreamBaseUrl: CLOSED, upstreamFallbacks } });
        const quoted = expectStatus(await stage.quote(customer.key), 200);
        assert.equal(quoted.headers.get('tollwright-cost-usd'), '0.01');
        assert.equal((await seenUpstream(quoted)).target, '/quotes/ACME');
        const { usage } = (await expectStatus(await stage.chat(customer.key), 200).json()) as { usage: object };
        assert.ok(usage);
        await expectSpent(stage, customer, 2n * CENT);
      },
    },
    {
      title: 'none that can be connected to: 502, and nothing is charged',
      statuses: { 502: 1 },
      async play(stage) {
        const customer = await payer(stage);
        await stage.set({ upstream: { upstreamBaseUrl: CLOSED, upstreamFallbacks: [withoutTls()] } });
        await expectProblem(await stage.quote(customer.key), { slug: 'upstream-failed' });
        await expectSpent(stage, customer, 0n);
      },
    },
    {
      title: 'no first byte in time: 504, and nothing is charged',
      statuses: { 200: 1, 504: 1 },
      upstreamCalls: 2,
      async play(stage) {
        const customer = await payer(stage);
        await stage.set({ upstream: { timeouts: { firstByteMs: FIRST_BYTE_MS } } });
        const late = await stage.quote(customer.key, SLOW);
        assert.equal(late.headers.get('tollwright-cost-usd'), '0.00');
        await expectProblem(late, { slug: 'upstream-timeout' });
        await expectSpent(stage, customer, 0n);
        expectStatus(await stage.quote(customer.key), 200);
        await expectSpent(stage, customer, CENT);
      },
    },
    {
      title: 'the breaker opens after failures in a row, calls end here with 502 and Retry-After, and it closes again',
      statuses: { 200: 4, 502: 3, 503: 3 },
      upstreamCalls: 7,
      async play(stage) {
        const customer = await payer(stage);
        await stage.set({ upstream: { upstreamBreaker: { ...BREAKER, openMs: OPEN_MS } } });
        // Ends the row of what failed before.
        expectStatus(await stage.quote(customer.key), 200);
        await times(3, async () => expectStatus(await stage.quote(customer.key, FAILING), 503));
        const refusals = await times(3, () => stage.quote(customer.key));
        for (const refusal of refusals) {
          const seconds = Number(refusal.headers.get('retry-after'));
          assert.ok(seconds >= 1 && seconds <= OPEN_MS / 1_000, `comes again after ${seconds} s`);
          await expectProblem(refusal, { slug: 'upstream-failed' });
        }
        // Each gateway sees for itself.
        expectStatus(await stage.quote(customer.key, { gateway: 1 }), 200);
        await untilRetry(refusals[0] as Response);
        await times(2, async () => expectStatus(await stage.quote(customer.key), 200));
        await expectSpent(stage, customer, 4n * CENT);
      },
    },
    {
      title: 'without a breaker every call goes to a failing upstream',
      statuses: { 200: 1, 503: 12 },
      upstreamCalls: 13,
      async play(stage) {
        const customer = await payer(stage);
        await stage.set({ upstream: { upstreamBreaker: { kind: 'off' } } });
        await times(12, async () => expectStatus(await stage.quote(customer.key, FAILING), 503));
        expectStatus(await stage.quote(customer.key), 200);
        await expectSpent(stage, customer, CENT);
      },
    },
    {
      title: 'a priced call that was written is not tried at the next address, however it fails',
      statuses: { 200: 1, 503: 1, 504: 1 },
      upstreamCalls: 3,
      async play(stage) {
        const customer = await payer(stage);
        const upstreamBreaker = { kind: 'off' as const };
        const timeouts = { firstByteMs: FIRST_BYTE_MS };
        await stage.set({ upstream: { upstreamFallbacks: [elsewhere()], upstreamBreaker, timeouts } });
        const failed = expectStatus(await stage.quote(customer.key, FAILING), 503);
        const late = expectStatus(await stage.chat(customer.key, {}, SLOW), 504);
        const cut = { stream: true, upstream: { cutAfterChunks: 1, chunkIntervalMs: 1 } };
        const broken = expectStatus(await stage.chat(customer.key, cut), 200);
        await assert.rejects(broken.text());
        assert.equal((await seenUpstream(failed)).target, '/quotes/ACME');
        for (const answer of [late, broken]) assert.equal((await seenUpstream(answer)).target, '/v1/chat/completions');
        await expectSpent(stage, customer, 0n);
      },
    },
  ],
};
