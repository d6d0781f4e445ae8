import assert from 'node:assert/strict';
import { expectProblem, expectStatus } from './expect.ts';
import type { PolicySuite } from './scenario.ts';
import type { Policy } from './stage.ts';

const LOOPBACK = ['127.0.0.0/8', '::1'];
const ELSEWHERE = ['203.0.113.0/24', '2001:db8::/32'];
const filter = (options: Record<string, unknown>, shadow = false): Policy => ({ type: 'ip-filter', options, shadow });

export const ipFilterSuite: PolicySuite = {
  policy: 'ip-filter',
  scenarios: [
    {
      title: 'deny: an address of the block is 403, keyed or a stranger',
      statuses: { 403: 2 },
      async play(stage) {
        await stage.set({ api: [filter({ deny: LOOPBACK })] });
        const { key } = stage.regular;
        await expectProblem(await stage.quote(key), { slug: 'forbidden' });
        expectStatus(await stage.weather(null), 403);
      },
    },
    {
      title: 'allow: others are 403, and X-Forwarded-For is not believed',
      statuses: { 403: 2 },
      async play(stage) {
        await stage.set({ api: [filter({ allow: ELSEWHERE })] });
        const { key } = stage.regular;
        expectStatus(await stage.quote(key), 403);
        expectStatus(await stage.quote(key, { headers: { 'x-forwarded-for': '203.0.113.7' } }), 403);
      },
    },
    {
      title: 'allow: an address of the block is served',
      statuses: { 200: 1 },
      async play(stage) {
        await stage.set({ api: [filter({ allow: LOOPBACK })] });
        expectStatus(await stage.quote(stage.regular.key), 200);
      },
    },
    {
      title: 'what is allowed and denied is denied',
      statuses: { 403: 1 },
      async play(stage) {
        await stage.set({ api: [filter({ allow: LOOPBACK, deny: LOOPBACK })] });
        expectStatus(await stage.quote(stage.regular.key), 403);
      },
    },
    {
      title: 'on a route: other routes are open',
      statuses: { 200: 1, 403: 1 },
      async play(stage) {
        await stage.set({ route: { getQuote: [filter({ deny: LOOPBACK })] } });
        const { key } = stage.regular;
        expectStatus(await stage.quote(key), 403);
        expectStatus(await stage.weather(key), 200);
      },
    },
    {
      title: 'on a plan: its customers alone',
      statuses: { 200: 1, 403: 1 },
      async play(stage) {
        await stage.set({});
        const shut = await stage.onPlan([filter({ deny: LOOPBACK })]);
        const open = stage.regular;
        expectStatus(await stage.quote(shut.key), 403);
        expectStatus(await stage.quote(open.key), 200);
      },
    },
    {
      title: 'shadow: noted, not refused',
      statuses: { 200: 1 },
      async play(stage) {
        await stage.set({ api: [filter({ deny: LOOPBACK }, true)] });
        const answer = expectStatus(await stage.quote(stage.regular.key), 200);
        assert.equal(answer.headers.get('tollwright-shadow'), '1');
      },
    },
  ],
};
