import assert from 'node:assert/strict';
import { problemOf } from '../agent-calls.ts';
import { keyChecksum } from '../key-checksum.ts';
import { done } from '../management.ts';
import { upstreamCall } from '../upstream.ts';
import { expectStatus } from './expect.ts';
import { ownerMetadata } from './owner-metadata.ts';
import type { PolicySuite } from './scenario.ts';

const apiKey = (options: Record<string, unknown>) => ({ type: 'api-key', options });
const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

export const apiKeySuite: PolicySuite = {
  policy: 'api-key',
  scenarios: [
    {
      title: 'without the policy: bearer and x-api-key; no key is 401',
      statuses: { 200: 2, 401: 1 },
      async play(stage) {
        await stage.set({});
        const { key } = stage.regular;
        expectStatus(await stage.quote(key), 200);
        expectStatus(await stage.quote(null, { headers: { 'x-api-key': key } }), 200);
        expectStatus(await stage.quote(null), 401);
      },
    },
    {
      title: 'a header of its own, which does not go upstream; the one it replaces is none',
      statuses: { 200: 1, 401: 1 },
      async play(stage) {
        await stage.set({ api: [apiKey({ headers: ['x-shop-key'] })] });
        const { key } = stage.regular;
        const answer = expectStatus(await stage.quote(null, { headers: { 'x-shop-key': key } }), 200);
        const { headers } = await upstreamCall(answer.headers.get('x-request-id') ?? '');
        assert.equal(headers['x-shop-key'], undefined);
        expectStatus(await stage.quote(null, { headers: { 'x-api-key': key } }), 401);
      },
    },
    {
      title: 'bearer off: only the header',
      statuses: { 200: 1, 401: 1 },
      async play(stage) {
        await stage.set({ api: [apiKey({ bearer: false })] });
        const { key } = stage.regular;
        expectStatus(await stage.quote(key), 401);
        expectStatus(await stage.quote(null, { headers: { 'x-api-key': key } }), 200);
      },
    },
    {
      title: 'basic, as the user name',
      statuses: { 200: 1, 401: 1 },
      async play(stage) {
        await stage.set({ api: [apiKey({ basic: 'username' })] });
        const { key } = stage.regular;
        expectStatus(await stage.quote(null, { headers: basic(key, '') }), 200);
        expectStatus(await stage.quote(null, { headers: basic('shop', key) }), 401);
      },
    },
    {
      title: 'basic, as the password',
      statuses: { 200: 1, 401: 1 },
      async play(stage) {
        await stage.set({ api: [apiKey({ basic: 'password' })] });
        const { key } = stage.regular;
        expectStatus(await stage.quote(null, { headers: basic('shop', key) }), 200);
        expectStatus(await stage.quote(null, { headers: basic(key, '') }), 401);
      },
    },
    {
      title: 'malformed, unknown and revoked keys get one and the same 401',
      statuses: { 401: 3 },
      async play(stage) {
        await stage.set({ api: [apiKey({})] });
        const { key, keyId, customerId } = await stage.subscriber();
        const head = `${key.slice(0, -7)}${key.at(-7) === 'a' ? 'b' : 'a'}`;
        const unknown = `${head}${keyChecksum(head)}`;
        const params = { path: { keyId }, query: { customerId } };
        await done(stage.management.DELETE('/keys/{keyId}', { params }));
        const details = new Set<unknown>();
        for (const shown of ['story_live_short', unknown, key]) {
          const problem = await problemOf(await stage.quote(shown));
          details.add(`${problem.slug} ${String(problem.detail)}`);
        }
        assert.equal(details.size, 1);
      },
    },
    ownerMetadata,
  ],
};
