import assert from 'node:assert/strict';
import { upstreamCall, upstreamCredential } from '../upstream.ts';
import { expectStatus } from './expect.ts';
import type { PolicySuite } from './scenario.ts';
import type { Policy } from './stage.ts';

const headers = (options: Record<string, unknown>): Policy => ({ type: 'headers', options });

async function seenUpstream(answer: Response): Promise<Record<string, string>> {
  return (await upstreamCall(answer.headers.get('x-request-id') ?? '')).headers;
}

export const headersSuite: PolicySuite = {
  policy: 'headers',
  scenarios: [
    {
      title: 'strips and sets on requests, as the upstream logs them',
      statuses: { 200: 1 },
      async play(stage) {
        const { key } = stage.regular;
        const setRequest = { 'x-tenant': '{customer}', 'x-tier': 'gold' };
        await stage.set({ api: [headers({ stripRequest: ['x-debug'], setRequest })] });
        const sent = { 'x-debug': '1', 'x-tier': 'mine', 'x-kept': 'yes' };
        const seen = await seenUpstream(expectStatus(await stage.quote(key, { headers: sent }), 200));
        assert.equal(seen['x-debug'], undefined);
        assert.equal(seen['x-tier'], 'gold');
        assert.match(seen['x-tenant'] ?? '', /^cus_/);
        assert.equal(seen['x-kept'], 'yes');
      },
    },
    {
      title: 'who calls, in all four places',
      statuses: { 200: 1 },
      async play(stage) {
        const caller = stage.regular;
        await stage.set({ api: [headers({ setResponse: { 'x-who': '{customer} {agent} {key} {plan}' } })] });
        const answer = expectStatus(await stage.quote(caller.key), 200);
        const who = [caller.customerId, caller.agentId, caller.keyId, caller.planKey];
        assert.equal(answer.headers.get('x-who'), who.join(' '));
      },
    },
    {
      title: 'what an owner noted on the key goes where the provider wants it, and nowhere else',
      statuses: { 200: 2 },
      async play(stage) {
        const noted = await stage.key(stage.regular, { metadata: { team: 'red', city: 'Köln' } });
        await stage.set({ api: [headers({ setRequest: { 'x-team': '{metadata.team} {metadata.city}' } })] });
        const seen = await seenUpstream(expectStatus(await stage.quote(noted), 200));
        assert.equal(seen['x-team'], 'red K%C3%B6ln');
        const other = await seenUpstream(expectStatus(await stage.quote(stage.regular.key), 200));
        assert.equal(other['x-team']?.trim() ?? '', '');
      },
    },
    {
      title: 'strips and sets on answers; those of API, route and plan go together',
      statuses: { 200: 1 },
      async play(stage) {
        const { key } = await stage.onPlan([headers({ setResponse: { 'x-from': 'plan' } })]);
        const api = [headers({ stripResponse: ['x-data-points'], setResponse: { 'x-from': 'api', 'x-api': 'yes' } })];
        await stage.set({
          api,
          route: { getQuote: [headers({ setResponse: { 'x-from': 'route', 'x-route': 'yes' } })] },
        });
        const { headers: seen } = expectStatus(await stage.quote(key), 200);
        assert.equal(seen.get('x-data-points'), null);
        assert.deepEqual([seen.get('x-from'), seen.get('x-api'), seen.get('x-route')], ['plan', 'yes', 'yes']);
      },
    },
    {
      title: "the upstream's credential is the API's own, whatever callers and policies set",
      statuses: { 200: 1 },
      async play(stage) {
        const { key } = stage.regular;
        await stage.set({ api: [headers({ setRequest: { 'x-note': 'a' } })] });
        const answer = expectStatus(await stage.quote(null, { headers: { 'x-api-key': key } }), 200);
        assert.equal(JSON.stringify(await seenUpstream(answer)).includes(key), false);
        assert.equal((await answer.text()).includes(upstreamCredential()), false);
      },
    },
  ],
};
