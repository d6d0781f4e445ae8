import { expect, test } from '@playwright/test';
import { bearer, chat, chatBody, problemOf, quote, tally } from './agent-calls.ts';
import { holdsOf, rawFigures } from './database.ts';
import { eventually } from './eventually.ts';
import { openManagement } from './management.ts';
import { DAY_SECONDS, roomIn } from './moments.ts';
import { agentBudget, makeSubscriber, perCall, type Subscriber, USD } from './subscriber.ts';
import { upstreamStats, whileUpstreamWaits } from './upstream.ts';

const CENT = USD / 100n;
const SETTLED_MS_MAX = 30_000;
const management = openManagement();

// Windows, quotas and budgets end with a day or a month.
test.beforeEach(() => roomIn(DAY_SECONDS, 60));

/** Runs calls that must all be refused, and proves by the upstream's own count that none reached it. */
async function refusedUnforwarded(calls: () => Promise<Response[]>): Promise<Response[]> {
  const before = (await upstreamStats()).calls;
  const answers = await calls();
  expect(tally(answers)).toEqual({ 429: answers.length });
  expect((await upstreamStats()).calls).toBe(before);
  return answers;
}

function secondsUntil(moment: unknown): number {
  return (Date.parse(String(moment)) - Date.now()) / 1000;
}

/** Every 429 says in its headers and its members what ran out and when to come back. */
async function expectWireContract(answer: Response, wanted: { slug: string; limit: bigint; name: string }) {
  const problem = await problemOf(answer);
  expect(problem).toMatchObject({ slug: wanted.slug, status: 429, limit: wanted.limit.toString() });
  expect(problem.title).toMatch(/\w/);
  expect(problem.detail).toMatch(/\w/);
  expect(BigInt(String(problem.remaining))).toBeGreaterThanOrEqual(0n);
  const retryAfterSeconds = Number(answer.headers.get('retry-after'));
  expect(retryAfterSeconds).toBeGreaterThan(0);
  const policy = answer.headers.get('ratelimit-policy') ?? '';
  const state = answer.headers.get('ratelimit') ?? '';
  expect(policy.startsWith(`"${wanted.name}";q=${wanted.limit}`)).toBe(true);
  expect(state).toMatch(new RegExp(`^"${wanted.name}";r=${problem.remaining}(;t=\\d+)?$`));
  return { problem, retryAfterSeconds };
}

test('over the rate: 429 rate-limited over both gateways together', async () => {
  // A window of a day: this test does not run into its border by chance.
  const rateLimit = { limit: 10, windowSeconds: 86_400 };
  const { key } = await makeSubscriber(management, { terms: { rateLimit } });
  for (let call = 0; call < 10; call++) {
    const answer = await quote(bearer(key), call % 2 === 0 ? 0 : 1);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('ratelimit-policy')).toBe('"rate";q=10;w=86400');
    expect(answer.headers.get('ratelimit')).toMatch(new RegExp(`^"rate";r=${9 - call};t=\\d+$`));
  }
  const answers = await refusedUnforwarded(() => Promise.all([quote(bearer(key), 0), quote(bearer(key), 1)]));
  for (const answer of answers) {
    const wanted = { slug: 'rate-limited', limit: 10n, name: 'rate' };
    const { problem, retryAfterSeconds } = await expectWireContract(answer, wanted);
    expect(problem).toMatchObject({ remaining: '0' });
    expect(Math.abs(secondsUntil(problem.resetAt) - retryAfterSeconds)).toBeLessThan(3);
  }
});

test('over the quota: 429 quota-exhausted; what fits is still served', async () => {
  const quotas = [{ featureKey: 'tokens', limit: '300', period: 'month' as const }];
  const subscriber = await makeSubscriber(management, { terms: { quotas } });
  const inputBound = Buffer.byteLength(chatBody({ max_tokens: 100 }));
  expect((await chat(bearer(subscriber.key), { max_tokens: 100 })).status).toBe(200);
  await expect.poll(() => holdsOf(subscriber.customerId)).toBe(0);
  const used = await eventually('the call is in Postgres', SETTLED_MS_MAX, async () => {
    const { calls, inputTokens, outputTokens } = await rawFigures(subscriber.customerId);
    return calls === 1 ? inputTokens + outputTokens : null;
  });
  const outputTokens = 300 - used - inputBound + 1;
  const answers = await refusedUnforwarded(async () => [
    await chat(bearer(subscriber.key), { max_tokens: outputTokens }),
  ]);
  const [answer] = answers;
  if (answer === undefined) throw new Error('no answer');
  const wanted = { slug: 'quota-exhausted', limit: 300n, name: 'tokens' };
  const { problem } = await expectWireContract(answer, wanted);
  expect(problem).toMatchObject({ exhausted: 'tokens', remaining: String(300 - used) });
  expect(secondsUntil(problem.resetAt)).toBeGreaterThan(0);
  expect((await chat(bearer(subscriber.key), { max_tokens: outputTokens - 10 })).status).toBe(200);
});

test('over the budget: 429 budget-exhausted until the period ends; a raised budget holds at once', async () => {
  const terms = { rateCards: [perCall('0.01')] };
  const subscriber = await makeSubscriber(management, { terms, agentBudgetNanoUsd: 3n * CENT });
  const { key, customerId, agentId } = subscriber;
  for (let call = 0; call < 3; call++) expect((await quote(bearer(key))).status).toBe(200);
  // Until it is settled, what the last call held is held and not spent.
  await expect.poll(() => agentBudget(management, subscriber)).toMatchObject({ held: 0n });
  const answers = await refusedUnforwarded(() => Promise.all([quote(bearer(key), 0), quote(bearer(key), 1)]));
  for (const answer of answers) {
    const problem = await problemOf(answer);
    expect(problem).toMatchObject({ slug: 'budget-exhausted', limit: (3n * CENT).toString(), remaining: '0' });
    const retryAfterSeconds = Number(answer.headers.get('retry-after'));
    expect(Math.abs(secondsUntil(problem.resetAt) - retryAfterSeconds)).toBeLessThan(3);
    const now = new Date();
    expect(problem.resetAt).toBe(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1)).toISOString());
    expect(answer.headers.get('ratelimit')).toMatch(/;r=0;t=\d+$/);
  }
  const limitNanoUsd = (4n * CENT).toString();
  const body = { customerId, subject: 'agent' as const, subjectId: agentId, limitNanoUsd, period: 'month' as const };
  await management.PUT('/budgets', { body });
  expect(tally([await quote(bearer(key), 1), await quote(bearer(key), 0)])).toEqual({ 200: 1, 429: 1 });
});

test('while a running call holds the rest: 429 budget-held with Retry-After: 1; then it can be spent', async () => {
  const terms = { rateCards: [perCall('0.01')] };
  const subscriber = await makeSubscriber(management, { terms, agentBudgetNanoUsd: CENT });
  const { running } = await whileUpstreamWaits(async () => {
    const before = (await upstreamStats()).held;
    const running = quote({ ...bearer(subscriber.key), 'x-upstream-status': '503' });
    await eventually('the call waits at the upstream', SETTLED_MS_MAX, async () =>
      (await upstreamStats()).held === before + 1 ? true : null,
    );
    const answers = await refusedUnforwarded(() => Promise.all([quote(bearer(subscriber.key), 1)]));
    expect(answers[0]?.headers.get('retry-after')).toBe('1');
    const problem = await problemOf(answers[0] as Response);
    expect(problem).toMatchObject({ slug: 'budget-held', limit: CENT.toString(), remaining: '0' });
    return { running };
  });
  expect((await running).status).toBe(503);
  await expect.poll(() => agentBudget(management, subscriber)).toMatchObject({ held: 0n });
  expect((await quote(bearer(subscriber.key), 1)).status).toBe(200);
});

/** 200 answers at once, half at each gateway. */
function twoHundred(call: (gateway: 0 | 1) => Promise<Response>): Promise<Response>[] {
  return Array.from({ length: 200 }, (_, index) => call(index % 2 === 0 ? 0 : 1));
}

async function expectSettled(subscriber: Subscriber, successes: readonly Response[]): Promise<void> {
  await expect.poll(() => holdsOf(subscriber.customerId)).toBe(0);
  await expect.poll(async () => (await agentBudget(management, subscriber)).held).toBe(0n);
  await expect.poll(async () => (await rawFigures(subscriber.customerId)).calls).toBe(successes.length);
  const { charged, spent, limit } = await spending(subscriber);
  test.info().annotations.push({ type: 'spent of limit, nano-USD', description: `${spent} of ${limit}` });
  expect(charged).toBe(spent);
  expect(spent <= limit).toBe(true);
}

async function spending(subscriber: Subscriber) {
  const { chargedNanoUsd } = await rawFigures(subscriber.customerId);
  return { charged: BigInt(chargedNanoUsd), ...(await agentBudget(management, subscriber)) };
}

/** How often the upstream itself saw each of these calls. */
async function upstreamRuns(answers: readonly Response[]): Promise<number> {
  const { byRequestId } = await upstreamStats();
  return answers.reduce((sum, { headers }) => sum + (byRequestId[headers.get('x-request-id') ?? '']?.calls ?? 0), 0);
}

test('200 calls at once at a fixed price against a budget for fifty: exactly fifty', async () => {
  const terms = { rateCards: [perCall('0.01')] };
  const subscriber = await makeSubscriber(management, { terms, agentBudgetNanoUsd: 50n * CENT });
  const before = (await upstreamStats()).calls;
  const answers = await Promise.all(twoHundred((gateway) => quote(bearer(subscriber.key), gateway)));
  expect(tally(answers)).toEqual({ 200: 50, 429: 150 });
  expect((await upstreamStats()).calls - before).toBe(50);
  const successes = answers.filter(({ status }) => status === 200);
  expect(await upstreamRuns(successes)).toBe(50);
  for (const answer of answers) {
    if (answer.status === 429) expect((await problemOf(answer)).slug).toMatch(/^budget-(held|exhausted)$/);
  }
  await expectSettled(subscriber, successes);
  expect(await spending(subscriber)).toMatchObject({ charged: 50n * CENT, spent: 50n * CENT });
});

test('200 LLM calls against a budget of fifty holds while the upstream waits: exactly fifty, and the rest can be spent', async () => {
  const request = { max_tokens: 100, upstream: { completionTokens: 10 } };
  // Input at 1 USD and output at 2 USD a million tokens: bytes bound the input, max_tokens the output.
  const holdNanoUsd = BigInt(Buffer.byteLength(chatBody(request)) * 1_000 + 100 * 2_000);
  const subscriber = await makeSubscriber(management, { agentBudgetNanoUsd: 50n * holdNanoUsd });
  const before = (await upstreamStats()).calls;
  let refused = 0;
  const pending = await whileUpstreamWaits(async () => {
    const calls = twoHundred(async (gateway) => {
      const answer = await chat(bearer(subscriber.key), request, gateway);
      if (answer.status !== 200) refused++;
      return answer;
    });
    await eventually('all 200 are decided', 60_000, async () =>
      refused + (await upstreamStats()).held === 200 ? true : null,
    );
    expect(await agentBudget(management, subscriber)).toMatchObject({ spent: 0n, held: 50n * holdNanoUsd });
    return calls;
  });
  const answers = await Promise.all(pending);
  expect(tally(answers)).toEqual({ 200: 50, 429: 150 });
  for (const answer of answers.filter(({ status }) => status === 429)) {
    expect(answer.headers.get('retry-after')).toBe('1');
    expect((await problemOf(answer)).slug).toBe('budget-held');
  }
  const successes = answers.filter(({ status }) => status === 200);
  expect((await upstreamStats()).calls - before).toBe(50);
  expect(await upstreamRuns(successes)).toBe(50);
  await expectSettled(subscriber, successes);
  const { limit, spent } = await spending(subscriber);
  expect(spent).toBeLessThan(limit / 2n);
  const freed = Number((limit - spent) / holdNanoUsd);
  const next: Response[] = [];
  for (let call = 0; call < Math.min(freed, 20); call++)
    next.push(await chat(bearer(subscriber.key), request, call % 2 === 0 ? 0 : 1));
  expect(tally(next)).toEqual({ 200: Math.min(freed, 20) });
  expect((await spending(subscriber)).spent <= limit).toBe(true);
});
