import assert from 'node:assert/strict';
import { expectProblem, expectStatus } from './expect.ts';
import type { PolicySuite } from './scenario.ts';
import type { Policy } from './stage.ts';

const guard = (options: Record<string, unknown>, shadow = false): Policy => ({ type: 'model-guard', options, shadow });
/** The upstream would write that many tokens if nothing capped it. */
const WORDY = { upstream: { completionTokens: 90 } };

async function outputTokens(answer: Response): Promise<number> {
  const { usage } = (await expectStatus(answer, 200).json()) as { usage: { completion_tokens: number } };
  return usage.completion_tokens;
}

export const modelGuardSuite: PolicySuite = {
  policy: 'model-guard',
  scenarios: [
    {
      title: 'a list: models that are not on it are 403, a * stands for any rest',
      statuses: { 200: 2, 403: 1 },
      async play(stage) {
        const { key } = stage.regular;
        await stage.set({ api: [guard({ models: ['toll-large', 'open-*'] })] });
        const members = { slug: 'model-not-allowed', model: 'toll-small' };
        await expectProblem(await stage.chat(key, { model: 'toll-small' }), members);
        expectStatus(await stage.chat(key, { model: 'toll-large' }), 200);
        expectStatus(await stage.chat(key, { model: 'open-weights' }), 200);
      },
    },
    {
      title: 'clamp: what goes upstream has the lower cap',
      statuses: { 200: 3 },
      async play(stage) {
        const { key } = stage.regular;
        await stage.set({ api: [guard({ outputTokensMax: 20 })] });
        assert.equal(await outputTokens(await stage.chat(key, { ...WORDY, max_tokens: 80 })), 20);
        assert.equal(await outputTokens(await stage.chat(key, WORDY)), 20);
        assert.equal(await outputTokens(await stage.chat(key, { ...WORDY, max_tokens: 10 })), 10);
      },
    },
    {
      title: 'refuse: a call that asks for more is 422; one that names no cap gets one',
      statuses: { 200: 2, 422: 1 },
      async play(stage) {
        const { key } = stage.regular;
        await stage.set({ api: [guard({ outputTokensMax: 20, aboveMax: 'refuse' })] });
        const errors = [{ path: 'max_tokens', message: 'must be at most 20' }];
        await expectProblem(await stage.chat(key, { max_tokens: 21 }), { slug: 'invalid-input', errors });
        assert.equal(await outputTokens(await stage.chat(key, { ...WORDY, max_tokens: 20 })), 20);
        assert.equal(await outputTokens(await stage.chat(key, { upstream: { completionTokens: 5 } })), 5);
      },
    },
    {
      title: "an allow-list for each plan: a plan's holds before the route's and the API's",
      statuses: { 200: 2, 403: 2 },
      async play(stage) {
        await stage.set({ api: [guard({ models: ['toll-small'] })] });
        const large = await stage.onPlan([guard({ models: ['toll-large'] })]);
        const other = stage.regular;
        for (const [key, model, status] of [
          [large.key, 'toll-large', 200],
          [large.key, 'toll-small', 403],
          [other.key, 'toll-small', 200],
          [other.key, 'toll-large', 403],
        ] as const) {
          expectStatus(await stage.chat(key, { model }), status);
        }
      },
    },
    {
      title: 'a body with two models is 400',
      statuses: { 400: 1 },
      async play(stage) {
        const { key } = stage.regular;
        await stage.set({ api: [guard({ models: ['toll-small'] })] });
        const body = '{"model":"toll-small","messages":[{"role":"user","content":"hi"}],"model":"toll-large"}';
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
        expectStatus(await stage.call('/v1/chat/completions', { method: 'POST', headers, body }), 400);
      },
    },
    {
      title: 'shadow: the list is noted, not refused',
      statuses: { 200: 1 },
      async play(stage) {
        const { key } = stage.regular;
        await stage.set({ api: [guard({ models: ['toll-large'] }, true)] });
        const answer = expectStatus(await stage.chat(key), 200);
        assert.equal(answer.headers.get('tollwright-shadow'), '1');
      },
    },
  ],
};
