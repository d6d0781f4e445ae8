import { POLICY_TYPES } from '@tollwright/policies';
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

interface Sent {
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

async function send(method: string, path: string, init: Sent = {}, as = token) {
  const actor = (await resolveToken(harness.ctx, as)) ?? ANONYMOUS;
  const organization = actor.kind === 'token' ? { providerId: actor.providerId, customerId: actor.customerId } : null;
  const request = new Request(`https://portal.example/api/v1${path}`, { method, ...init });
  return handleRest(request, { services: harness.ctx, actor, organization, requestId: 'req_test' });
}

const ANONYMOUS = { kind: 'anonymous' } as const;
const JSON_TYPE = { 'content-type': 'application/json' };

async function itemsOf(path: string) {
  const { items } = (await (await send('GET', path)).json()) as { items: { name: string }[] };
  return items;
}

async function errorsOf(response: Response) {
  const { status, errors } = (await response.json()) as { status: number; errors: { path: string }[] };
  return [status, errors.map(({ path }) => path)];
}

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

  it('sets where calls go when an upstream fails, and names each wrong part of it', async () => {
    const headers = JSON_TYPE;
    const patch = (body: object) => send('PATCH', `/apis/${world.apiId}`, { headers, body: JSON.stringify(body) });
    const upstreamFallbacks = ['https://second.example'];
    const set = await patch({ upstreamFallbacks, upstreamBreaker: { kind: 'off' } });
    expect([set.status, await set.json()]).toMatchObject([
      200,
      { upstreamFallbacks, upstreamBreaker: { kind: 'off' } },
    ]);
    const upstreamBreaker = { kind: 'custom', failuresInARow: 0, failurePercent: 50, windowMs: 1000, callsMin: 20 };
    const wrong = await patch({ upstreamFallbacks: ['here'], upstreamBreaker });
    const paths = ['upstreamFallbacks.0', 'upstreamBreaker.failuresInARow', 'upstreamBreaker.openMs'];
    expect(await errorsOf(wrong)).toEqual([422, paths]);
    expect(await errorsOf(await patch({ upstreamBreaker: { kind: 'maybe' } }))).toEqual([
      422,
      ['upstreamBreaker.kind'],
    ]);
  });

  it('with a body that is no JSON is 400, of another type 415', async () => {
    expect((await send('POST', '/customers', { headers: JSON_TYPE, body: '{' })).status).toBe(400);
    const text = { headers: { 'content-type': 'text/plain' }, body: '{"name":"x"}' };
    expect((await send('POST', '/customers', text)).status).toBe(415);
  });

  it('with a member that the operation lacks is refused, with every other error', async () => {
    const body = JSON.stringify({ name: 5, nmae: 'x', note: 'y' });
    const response = await send('POST', '/customers', { headers: JSON_TYPE, body });
    expect(await errorsOf(response)).toEqual([422, ['name', 'nmae', 'note']]);
    expect(await errorsOf(await send('GET', '/events?lmit=5&status=odd'))).toEqual([422, ['status', 'lmit']]);
    const other = JSON.stringify({ customerId: world.customerId, name: 'x' });
    const named = await send('PATCH', `/customers/${world.customerId}`, { headers: JSON_TYPE, body: other });
    expect(await errorsOf(named)).toEqual([422, ['customerId']]);
  });

  it('takes numbers and booleans from a query as they are written', async () => {
    const events = async (query: string) => (await itemsOf(`/events?limit=5${query}`)).length;
    expect(await events('')).toBe(1);
    expect(await events('&livemode=true')).toBe(1);
    expect(await events('&livemode=false')).toBe(0);
    for (const wrong of ['livemode=no', 'livemode=', 'livemode=0']) {
      expect(await errorsOf(await send('GET', `/events?${wrong}`))).toEqual([422, ['livemode']]);
    }
    for (const wrong of ['', 'all', '1e2', '0', '201', '1.5']) {
      expect(await errorsOf(await send('GET', `/events?limit=${wrong}`))).toEqual([422, ['limit']]);
    }
    expect(await errorsOf(await send('GET', '/events?limit=1&limit=2'))).toEqual([422, ['limit']]);
  });

  it('takes numbers and booleans from a body only as such', async () => {
    const body = JSON.stringify({ bodyBytesMax: '100' });
    const path = `/routes/${world.routeId}`;
    expect(await errorsOf(await send('PATCH', path, { headers: JSON_TYPE, body }))).toEqual([422, ['bodyBytesMax']]);
    const empty = { headers: JSON_TYPE, body: JSON.stringify({ bodyBytesMax: null }) };
    expect(await errorsOf(await send('PATCH', path, empty))).toEqual([422, ['bodyBytesMax']]);
  });

  it('to another method of an address is 405 and names the methods', async () => {
    const response = await send('PUT', '/agents');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
    expect((await send('GET', '/subscriptions/move')).status).toBe(405);
    expect((await send('GET', '/nothing')).status).toBe(404);
    expect((await send('GET', '/agents/')).status).toBe(422);
  });

  it('with a body beyond 8 MiB is 413, and one that is no object or no UTF-8 400', async () => {
    const body = `{"name":"${'a'.repeat(8 * 1024 * 1024)}"}`;
    expect((await send('POST', '/customers', { headers: JSON_TYPE, body })).status).toBe(413);
    for (const other of ['[]', '"text"', 'null', '7']) {
      expect((await send('POST', '/customers', { headers: JSON_TYPE, body: other })).status).toBe(400);
    }
  });

  it('goes on at a cursor that a page gave, and at nothing else', async () => {
    for (const list of ['/plans', '/events', '/payments', '/customers']) {
      expect(await errorsOf(await send('GET', `${list}?cursor=zzz`))).toEqual([422, ['cursor']]);
    }
  });
});

describe('policies', () => {
  const put = (path: string, body: object) => send('PUT', path, { headers: JSON_TYPE, body: JSON.stringify(body) });

  it('are listed by type with the schema of their options', async () => {
    const { items } = (await (await send('GET', '/policy-types')).json()) as { items: Record<string, unknown>[] };
    expect(items).toHaveLength(POLICY_TYPES.length);
    for (const { type, optionsSchema, defaults, levels } of items) {
      expect([type, optionsSchema, levels]).toEqual([
        type,
        expect.objectContaining({ type: 'object' }),
        expect.anything(),
      ]);
      expect(defaults).toEqual(expect.any(Object));
    }
  });

  it('of an API and a route are set as a whole, and refused with the path of everything that is wrong', async () => {
    const api = `/apis/${world.apiId}/policies`;
    const route = `/apis/${world.apiId}/routes/${world.routeId}/policies`;
    for (const path of [api, route]) {
      const set = await put(path, { policies: [{ type: 'request-size', options: { bytesMax: 9 } }] });
      expect([set.status, await set.json()]).toEqual([
        200,
        { policies: [{ type: 'request-size', options: { bytesMax: 9 }, shadow: false }] },
      ]);
      const wrong = { policies: [{ type: 'rate-limit', options: { limit: '5', by: 'mood' } }] };
      expect(await errorsOf(await put(path, wrong))).toEqual([
        422,
        ['policies.0.options.limit', 'policies.0.options.by'],
      ]);
      expect(await errorsOf(await put(path, {}))).toEqual([422, ['policies']]);
      expect(await (await send('GET', path)).json()).toMatchObject({ policies: [{ options: { bytesMax: 9 } }] });
    }
  });
});

describe('an Idempotency-Key', () => {
  const create = (key: string, name: string, as = token) =>
    send(
      'POST',
      '/customers',
      { headers: { ...JSON_TYPE, 'idempotency-key': key }, body: JSON.stringify({ name }) },
      as,
    );
  const named = async (part: string) => (await itemsOf('/customers')).filter(({ name }) => name.includes(part)).length;

  it('of nobody is refused like any other request of nobody, and stored nowhere', async () => {
    const stored = () => harness.owner.idempotencyRecord.count();
    const before = await stored();
    for (const name of ['one', 'two']) expect((await create('nobody', name, 'tw_nonsense')).status).toBe(401);
    expect(await stored()).toBe(before);
  });

  it('of another token is another key', async () => {
    const { providerId } = world;
    const other = await createToken(harness.ctx, world.owner, { providerId, name: 'other', scopes: ['read', 'write'] });
    expect((await create('same', 'first-of-two')).status).toBe(200);
    expect((await create('same', 'second-of-two', other.token)).status).toBe(200);
    expect(await named('of-two')).toBe(2);
  });

  it('sent ten times at once makes one row; later the same answer comes again', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => create('at-once', 'made-once')));
    const made = answers.filter(({ status }) => status === 200);
    expect(made.length).toBeGreaterThan(0);
    expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 409)).toEqual([]);
    expect(await named('made-once')).toBe(1);
    const texts = await Promise.all([...made, await create('at-once', 'made-once')].map((answer) => answer.text()));
    expect(new Set(texts).size).toBe(1);
  });
});
