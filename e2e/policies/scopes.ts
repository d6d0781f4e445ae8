import assert from 'node:assert/strict';
import { expectProblem, expectStatus } from './expect.ts';
import type { PolicySuite } from './scenario.ts';
import type { Policy } from './stage.ts';

const scopes = (options: Record<string, unknown>, shadow = false): Policy => ({ type: 'scopes', options, shadow });
const BOTH = ['chat:read', 'chat:write'];

export const scopesSuite: PolicySuite = {
  policy: 'scopes',
  scenarios: [
    {
      title: 'all of them: what is missing is named',
      statuses: { 200: 1, 403: 2 },
      async play(stage) {
        await stage.set({ api: [scopes({ scopes: BOTH })] });
        const customer = stage.regular;
        await expectProblem(await stage.quote(customer.key), { slug: 'missing-scope', missing: BOTH });
        const half = await stage.key(customer, { scopes: ['chat:read'] });
        await expectProblem(await stage.quote(half), { slug: 'missing-scope', missing: ['chat:write'] });
        expectStatus(await stage.quote(await stage.key(customer, { scopes: BOTH })), 200);
      },
    },
    {
      title: 'any of them',
      statuses: { 200: 1, 403: 1 },
      async play(stage) {
        await stage.set({ api: [scopes({ scopes: BOTH, match: 'any' })] });
        const customer = stage.regular;
        expectStatus(await stage.quote(customer.key), 403);
        expectStatus(await stage.quote(await stage.key(customer, { scopes: ['chat:read'] })), 200);
      },
    },
    {
      title: 'those of API and route are needed together',
      statuses: { 200: 2, 403: 1 },
      async play(stage) {
        const route = { getQuote: [scopes({ scopes: ['chat:write'] })] };
        await stage.set({ api: [scopes({ scopes: ['chat:read'] })], route });
        const customer = stage.regular;
        const reader = await stage.key(customer, { scopes: ['chat:read'] });
        expectStatus(await stage.weather(reader), 200);
        expectStatus(await stage.quote(reader), 403);
        expectStatus(await stage.quote(await stage.key(customer, { scopes: BOTH })), 200);
      },
    },
    {
      title: 'strangers have no key and are asked to pay, not for scopes',
      statuses: { 402: 1 },
      async play(stage) {
        await stage.set({ api: [scopes({ scopes: BOTH })] });
        expectStatus(await stage.weather(null), 402);
      },
    },
    {
      title: 'shadow: noted, not refused',
      statuses: { 200: 1 },
      async play(stage) {
        await stage.set({ api: [scopes({ scopes: BOTH }, true)] });
        const answer = expectStatus(await stage.quote(stage.regular.key), 200);
        assert.equal(answer.headers.get('tollwright-shadow'), '1');
      },
    },
  ],
};
