import assert from 'node:assert/strict';
import { bearer, problemOf } from '../agent-calls.ts';
import { expectStatus } from './expect.ts';
import type { PolicySuite } from './scenario.ts';
import type { Policy } from './stage.ts';

const validation = (options: Record<string, unknown> = {}, shadow = false): Policy => {
  return { type: 'request-validation', options, shadow };
};
const WRONG = {
  model: 7,
  messages: [{ role: 'robot' }],
  max_tokens: 0,
  n: 99,
  stream_options: { include_usage: 'yes' },
};

async function errorPaths(answer: Response): Promise<string[]> {
  const { slug, errors } = await problemOf(expectStatus(answer, 422));
  assert.equal(slug, 'invalid-input');
  return (errors as { path: string }[]).map(({ path }) => path).sort();
}

export const requestValidationSuite: PolicySuite = {
  policy: 'request-validation',
  scenarios: [
    {
      title: 'everything that is wrong with a body is listed in one 422; a right one is served',
      statuses: { 200: 1, 422: 1 },
      async play(stage) {
        const { key } = stage.regular;
        await stage.set({ route: { createChatCompletion: [validation()] } });
        const paths = await errorPaths(await stage.chat(key, WRONG));
        const wanted = [
          'max_tokens',
          'messages.0.content',
          'messages.0.role',
          'model',
          'n',
          'stream_options.include_usage',
        ];
        assert.deepEqual(paths, wanted);
        expectStatus(await stage.chat(key, { max_tokens: 5 }), 200);
      },
    },
    {
      title: 'errorsMax bounds the list',
      statuses: { 422: 1 },
      async play(stage) {
        const { key } = stage.regular;
        await stage.set({ api: [validation({ errorsMax: 2 })] });
        assert.equal((await errorPaths(await stage.chat(key, WRONG))).length, 2);
      },
    },
    {
      title: 'a body that is not said to be JSON is 415',
      statuses: { 415: 1 },
      async play(stage) {
        const { key } = stage.regular;
        await stage.set({ api: [validation()] });
        const headers = { ...bearer(key), 'content-type': 'text/plain' };
        const answer = await stage.call('/v1/chat/completions', { method: 'POST', headers, body: '{}' });
        expectStatus(answer, 415);
      },
    },
    {
      title: 'unknown query parameters: let through, or refused',
      statuses: { 200: 1, 422: 1 },
      async play(stage) {
        const { key } = stage.regular;
        const odd = () => stage.call('/weather?city=Rome&planet=mars', { headers: bearer(key) });
        await stage.set({ api: [validation()] });
        expectStatus(await odd(), 200);
        await stage.set({ api: [validation({ unknownQuery: 'refuse' })] });
        await errorPaths(await odd());
      },
    },
    {
      title: 'body off: only path and query are checked',
      statuses: { 200: 1 },
      async play(stage) {
        const { key } = stage.regular;
        await stage.set({ api: [validation({ body: false })] });
        expectStatus(await stage.chat(key, { max_tokens: 5, stream_options: { include_usage: 'yes' } }), 200);
      },
    },
    {
      title: 'shadow: noted, not refused',
      statuses: { 200: 1 },
      async play(stage) {
        const { key } = stage.regular;
        await stage.set({ api: [validation({}, true)] });
        const answer = expectStatus(await stage.chat(key, { stream_options: { include_usage: 'yes' } }), 200);
        assert.equal(answer.headers.get('tollwright-shadow'), '1');
      },
    },
  ],
};
