import { createToken, resolveToken } from '@tollwright/services';
import { createWorld, openServicesHarness, type ServicesHarness, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handleRest } from './rest.ts';

let harness: ServicesHarness;
let world: World;
let token: string;

beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'rest');
  const { providerId } = world;
  const made = await createToken(harness.ctx, world.owner, { providerId, name: 'rest', scopes: ['read', 'write'] });
  token = made.token;
});
afterAll(() => harness?.close());

async function send(method: string, path: string, init: { body?: string; headers?: Record<string, string> } = {}) {
  const actor = await resolveToken(harness.ctx, token);
  if (actor?.kind !== 'token') throw new Error('the token was not accepted');
  const organization = { providerId: actor.providerId, customerId: actor.customerId };
  const request = new Request(`https://portal.example/api/v1${path}`, { method, ...init });
  return handleRest(request, { services: harness.ctx, actor, organization, requestId: 'req_test' });
}

const JSON_TYPE = { 'content-type': 'application/json' };

describe('a request of the management API', () => {
  it('without a body is one to an operation that names none, with and without an Idempotency-Key', async () => {
    const name = 'bodiless';
    const terms = {
      ...{ rateLimit: null, quotas: [], rateCards: [], outputTokensMax: 100 },
      defaultKeyBudget: { limitNanoUsd: '1000000000', period: 'month' },
    };
    const created = await send('POST', '/plans', {
      headers: JSON_TYPE,
      body: JSON.stringify({ key: name, name, terms }),
    });
    expect(created.status).toBe(200);
    const { versions } = (await created.json()) as { versions: { id: string }[] };
    const path = `/plan-versions/${versions[0]?.id}/publish`;
    const headers = { 'idempotency-key': 'publish-once' };
    for (const _ of ['first', 'again']) {
      const published = await send('POST', path, { headers });
      expect([published.status, await published.json()]).toMatchObject([200, { status: 'published' }]);
    }
    expect((await send('POST', path)).status).toBe(409);
  });

  it('without a body where one is needed lists what is missing', async () => {
    const response = await send('POST', '/customers');
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ path: 'name' }] });
  });

  it('with a body that is no JSON is 400, of another type 415', async () => {
    expect((await send('POST', '/customers', { headers: JSON_TYPE, body: '{' })).status).toBe(400);
    const text = { headers: { 'content-type': 'text/plain' }, body: '{"name":"x"}' };
    expect((await send('POST', '/customers', text)).status).toBe(415);
  });
});
