import assert from 'node:assert/strict';
import { bearer, chatBody } from '../agent-calls.ts';
import { expectProblem, expectStatus } from './expect.ts';
import type { PolicySuite } from './scenario.ts';
import type { Policy } from './stage.ts';

const size = (bytesMax: number, shadow = false): Policy => ({ type: 'request-size', options: { bytesMax }, shadow });
const BODY_BYTES = Buffer.byteLength(chatBody());

export const requestSizeSuite: PolicySuite = {
  policy: 'request-size',
  scenarios: [
    {
      title: 'a byte too many is 413; the last that fits is served',
      statuses: { 200: 1, 413: 1 },
      async play(stage) {
        const { key } = stage.regular;
        await stage.set({ api: [size(BODY_BYTES)] });
        expectStatus(await stage.chat(key), 200);
        await expectProblem(await stage.chat(key, { n: 1 }), { slug: 'body-too-large', limit: BODY_BYTES });
      },
    },
    {
      title: 'a body that announces no length is cut where it passes the limit',
      statuses: { 413: 1 },
      async play(stage) {
        const { key } = stage.regular;
        await stage.set({ api: [size(BODY_BYTES - 1)] });
        const body = new Blob([chatBody()]).stream();
        const headers = { ...bearer(key), 'content-type': 'application/json' };
        const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
        expectStatus(await stage.call('/v1/chat/completions', init), 413);
      },
    },
    {
      title: "the narrowest holds: a route's before the API's, a plan's before both",
      statuses: { 200: 2, 413: 1 },
      async play(stage) {
        const { key } = stage.regular;
        await stage.set({ api: [size(1)], route: { createChatCompletion: [size(BODY_BYTES)] } });
        expectStatus(await stage.chat(key), 200);
        const narrow = await stage.onPlan([size(BODY_BYTES - 1)]);
        expectStatus(await stage.chat(narrow.key), 413);
        expectStatus(await stage.quote(narrow.key), 200);
      },
    },
    {
      title: 'shadow: noted, not refused',
      statuses: { 200: 1 },
      async play(stage) {
        const { key } = stage.regular;
        await stage.set({ api: [size(1, true)] });
        const answer = expectStatus(await stage.chat(key), 200);
        assert.equal(answer.headers.get('tollwright-shadow'), '1');
      },
    },
  ],
};
