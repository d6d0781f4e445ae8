import { expect, test } from '@playwright/test';
import { problemOf } from './agent-calls.ts';
import { query } from './database.ts';
import { readLocal } from './local.ts';
import { done, openManagement, refused } from './management.ts';
import { type NewProvider, newOwner, newProvider, reducedToken, type Tenant } from './people.ts';
import { freshName, makeSubscriber, type Subscriber } from './subscriber.ts';

let provider: NewProvider;
let elsewhere: NewProvider;
let owner: Tenant;
let sibling: Tenant;

test.beforeAll(async () => {
  provider = await newProvider('contract');
  elsewhere = await newProvider('elsewhere');
  owner = await newOwner(provider, 'owner');
  sibling = await newOwner(provider, 'sibling');
});

/** A request as no generated client would make it. */
function raw(method: string, path: string, init: RequestInit & { token?: string } = {}): Promise<Response> {
  const { token = provider.token, headers, ...rest } = init;
  const all = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers };
  return fetch(`${readLocal().managementUrl}${path}`, { method, headers: all, ...rest });
}

interface Page {
  readonly items: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
}

async function walk(path: string, limit: number): Promise<{ ids: string[]; pages: number }> {
  const { managementToken: token } = readLocal();
  const ids: string[] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    const url = new URL(`http://walk.test${path}`);
    url.searchParams.set('limit', String(limit));
    if (cursor !== null) url.searchParams.set('cursor', cursor);
    const page = (await (await raw('GET', `${url.pathname}${url.search}`, { token })).json()) as Page;
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
    pages++;
    expect(page.items.length).toBe(cursor === null ? page.items.length : limit);
  } while (cursor !== null);
  return { ids, pages };
}

test.describe('cursors', () => {
  test('walk 300 agents and a week of events: each once, in order', async () => {
    const [largest] = await query<{ customer_id: string }>(
      'SELECT customer_id FROM agent WHERE archived_at IS NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1',
    );
    const customerId = largest?.customer_id ?? '';
    const ids = async (text: string) => (await query<{ id: string }>(text, [customerId])).map(({ id }) => id);
    const agents = await ids('SELECT id FROM agent WHERE customer_id = $1 AND archived_at IS NULL ORDER BY id DESC');
    expect(agents.length).toBeGreaterThanOrEqual(300);
    for (const limit of [7, 100, 200]) {
      const walked = await walk(`/agents?customerId=${customerId}`, limit);
      expect(walked).toEqual({ ids: agents, pages: Math.ceil(agents.length / limit) });
    }
    // Events of the last minute may still come in.
    const to = new Date(Date.now() - 60_000).toISOString();
    const before = `occurred_at < '${to}' ORDER BY occurred_at DESC, event_id DESC`;
    const events = await ids(`SELECT event_id AS id FROM usage_event WHERE customer_id = $1 AND ${before}`);
    expect(events.length).toBeGreaterThan(1_000);
    const walked = await walk(`/events?customerId=${customerId}&to=${to}`, 200);
    expect(walked).toEqual({ ids: events, pages: Math.ceil(events.length / 200) });
  });

  test('of every list of the document are walked without loss by one item a page', async () => {
    const { managementUrl } = readLocal();
    const document = (await (await fetch(`${managementUrl}/openapi.json`)).json()) as {
      paths: Record<string, { get?: { parameters?: { name: string; required?: boolean }[] } }>;
    };
    const [globex] = await query<{ id: string }>("SELECT id FROM customer WHERE name = 'Globex'");
    const [api] = await query<{ id: string }>("SELECT id FROM api WHERE slug = 'llm' ORDER BY created_at LIMIT 1");
    const lists = Object.entries(document.paths).filter(([, { get }]) =>
      get?.parameters?.some(({ name }) => name === 'cursor'),
    );
    expect(lists.length).toBeGreaterThanOrEqual(14);
    for (const [template, { get }] of lists) {
      const path = template.replace('{apiId}', api?.id ?? '');
      const aboutCustomer = get?.parameters?.some(({ name }) => name === 'customerId') ?? false;
      // The history is too long to be walked one by one: the last minutes of it are enough.
      const recent = template === '/events' ? `from=${new Date(Date.now() - 600_000).toISOString()}&` : '';
      const of = `${path}?${recent}${aboutCustomer ? `customerId=${globex?.id}` : ''}`;
      const whole = await walk(of, 200);
      if (whole.ids.length > 60) continue;
      const { ids } = await walk(of, 1);
      expect(new Set(ids).size, of).toBe(ids.length);
      // What other processes write meanwhile may come and go; what was there before and after is walked by, in order.
      const after = new Set((await walk(of, 200)).ids);
      const stayed = whole.ids.filter((id) => after.has(id));
      const known = new Set(stayed);
      expect(
        ids.filter((id) => known.has(id)),
        of,
      ).toEqual(stayed);
      expect(
        ids.filter((id) => !after.has(id) && !whole.ids.includes(id)),
        of,
      ).toEqual([]);
    }
  });
});

test.describe('an Idempotency-Key', () => {
  const create = (key: string, name: string) => {
    const init = { headers: { 'idempotency-key': key }, body: JSON.stringify({ name }) };
    return raw('POST', '/customers', init);
  };
  const rows = async (name: string) => {
    const found = await query('SELECT 1 FROM customer WHERE provider_id = $1 AND name = $2', [provider.id, name]);
    return found.length;
  };

  test('gives the same answer to the same request, which runs once', async () => {
    const key = freshName('once');
    const texts: string[] = [];
    for (let call = 0; call < 3; call++) texts.push(await (await create(key, key)).text());
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({ name: key });
    expect(texts).toEqual([texts[0], texts[0], texts[0]]);
    expect(await rows(key)).toBe(1);
  });

  test('with another body, or another address, is 409 and changes nothing', async () => {
    const key = freshName('other');
    expect((await create(key, key)).status).toBe(200);
    const other = await create(key, `${key}-other`);
    expect([other.status, (await problemOf(other)).slug]).toEqual([409, 'idempotency-mismatch']);
    const headers = { 'idempotency-key': key };
    const elsewhere = await raw('POST', '/features', { headers, body: JSON.stringify({ name: key }) });
    expect([elsewhere.status, (await problemOf(elsewhere)).slug]).toEqual([409, 'idempotency-mismatch']);
    expect(await rows(`${key}-other`)).toBe(0);
  });

  test('sent twenty times at once makes one row', async () => {
    const key = freshName('race');
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(key, key)));
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => status !== 200 && status !== 409)).toEqual([]);
    expect(statuses).toContain(200);
    expect(await rows(key)).toBe(1);
    expect(await (await create(key, key)).json()).toMatchObject({ name: key });
  });

  test('a key that is shown once is shown again to its own request only', async () => {
    const subscriber = await makeSubscriber(openManagement());
    const body = { customerId: subscriber.customerId, agentId: subscriber.agentId, name: 'again' };
    const headers = { 'Idempotency-Key': freshName('key') };
    const init = { body, params: { header: headers } };
    const first = await done(openManagement().POST('/keys', init));
    expect(await done(openManagement().POST('/keys', init))).toEqual(first);
    const [stored] = await query<{ text: string }>(
      'SELECT response::text AS text FROM idempotency_record WHERE key = $1',
      [headers['Idempotency-Key']],
    );
    expect(stored?.text).toMatch(/\w/);
    expect(stored?.text).not.toContain(first.key.slice(-20));
  });
});

test.describe('a refusal', () => {
  /** Every refusal is a whole problem document, and its page exists. */
  async function expectProblem(response: Response, status: number, slug: string) {
    const problem = await problemOf(response);
    const instance = new URL(response.url).pathname;
    expect(problem).toMatchObject({ slug, status, instance, type: `${readLocal().portalUrl}/problems/${slug}` });
    expect(response.status).toBe(status);
    expect(problem.requestId).toMatch(/^req_[0-9a-z]{26}$/);
    expect(response.headers.get('x-request-id')).toBe(problem.requestId);
    for (const text of [problem.title, problem.detail, problem.hint]) expect(text).toMatch(/\w/);
    expect((await fetch(String(problem.type))).status).toBe(200);
    return problem as typeof problem & { errors?: { path: string; message: string }[] };
  }

  test('of an input lists every error', async () => {
    const body = JSON.stringify({ key: 'Not A Slug', terms: { rateLimit: { limit: 0, windowSeconds: 'x' } }, nmae: 1 });
    const { errors } = await expectProblem(await raw('POST', '/plans', { body }), 422, 'invalid-input');
    const paths = errors?.map(({ path }) => path) ?? [];
    for (const path of ['key', 'name', 'nmae', 'terms.rateLimit.limit', 'terms.rateLimit.windowSeconds']) {
      expect(paths).toContain(path);
    }
    for (const { message } of errors ?? []) expect(message).toMatch(/\w/);
  });

  test('of a body that is no JSON, of another type, or too large', async () => {
    await expectProblem(await raw('POST', '/customers', { body: '{"name":' }), 400, 'bad-request');
    const headers = { 'content-type': 'text/plain' };
    await expectProblem(await raw('POST', '/customers', { headers, body: 'x' }), 415, 'unsupported-media-type');
    const body = `{"name":"${'x'.repeat(9 * 1024 * 1024)}"}`;
    await expectProblem(await raw('POST', '/customers', { body }), 413, 'body-too-large');
  });

  test('of an address, a method and an unknown id', async () => {
    await expectProblem(await raw('GET', '/nothing'), 404, 'not-found');
    const put = await raw('PUT', '/customers');
    await expectProblem(put, 405, 'method-not-allowed');
    expect(put.headers.get('allow')).toBe('GET, POST');
    await expectProblem(await raw('GET', '/customers/cus_00000000000000000000000000'), 404, 'not-found');
    await expectProblem(await raw('GET', '/events/evt_unknown'), 404, 'not-found');
  });

  test('of a token that is missing, wrong or revoked, with and without an Idempotency-Key', async () => {
    const made = await done(provider.management.POST('/tokens', { body: { name: 'short', scopes: ['read'] } }));
    await done(provider.management.DELETE('/tokens/{tokenId}', { params: { path: { tokenId: made.id } } }));
    for (const authorization of ['', 'Bearer nonsense', `Basic ${provider.token}`, `Bearer ${made.token}`]) {
      for (const headers of [{ authorization }, { authorization, 'idempotency-key': 'nobody' }]) {
        const refusal = await raw('POST', '/customers', { headers, body: JSON.stringify({ name: authorization }) });
        await expectProblem(refusal, 401, 'not-signed-in');
        expect(refusal.headers.get('www-authenticate')).toBe('Bearer');
      }
    }
  });

  test('of a scope that the token lacks', async () => {
    const reads = await reducedToken(provider, ['read']);
    const writes = await reducedToken(provider, ['write']);
    expect((await done(reads.GET('/customers'))).items.length).toBeGreaterThan(0);
    expect(await refused(reads.POST('/customers', { body: { name: 'x' } }))).toMatchObject({ slug: 'missing-scope' });
    expect(await refused(writes.GET('/customers'))).toMatchObject({ status: 403, slug: 'missing-scope' });
    const more = reads.POST('/tokens', { body: { name: 'more', scopes: ['write'] } });
    expect(await refused(more)).toMatchObject({ status: 403, slug: 'missing-scope' });
  });
});

test.describe('a token', () => {
  let subscriber: Subscriber;
  test.beforeAll(async () => {
    subscriber = await makeSubscriber(openManagement());
  });

  test("of an owner reaches neither another customer nor the provider's own affairs", async () => {
    const agent = await done(owner.management.POST('/agents', { body: { name: 'mine' } }));
    const path = { agentId: agent.id };
    const { management } = sibling;
    const notFound = { status: 404, slug: 'not-found' };
    expect(await refused(management.GET('/agents/{agentId}', { params: { path } }))).toMatchObject(notFound);
    const customerId = owner.id;
    const named = { path, query: { customerId } };
    expect(await refused(management.GET('/agents/{agentId}', { params: named }))).toMatchObject(notFound);
    expect(await refused(management.DELETE('/agents/{agentId}', { params: named }))).toMatchObject(notFound);
    for (const list of ['/agents', '/keys', '/budgets', '/subscriptions', '/events', '/tokens'] as const) {
      expect(await refused(management.GET(list, { params: { query: { customerId } } }))).toMatchObject(notFound);
    }
    expect(await refused(management.POST('/agents', { body: { customerId, name: 'x' } }))).toMatchObject(notFound);
    for (const list of ['/plans', '/customers', '/apis', '/payers', '/wallets', '/meters'] as const) {
      expect(await refused(management.GET(list))).toMatchObject(notFound);
    }
    expect((await done(management.GET('/agents'))).items).toEqual([]);
    expect((await done(management.GET('/payments'))).items).toEqual([]);
    expect((await done(owner.management.GET('/agents'))).items.map(({ id }) => id)).toEqual([agent.id]);
  });

  test('of a provider finds nothing of another provider', async () => {
    const { management } = elsewhere;
    const { customerId, agentId, keyId, planVersionId } = subscriber;
    const notFound = { status: 404, slug: 'not-found' };
    const about = { query: { customerId } };
    expect(
      await refused(management.GET('/customers/{customerId}', { params: { path: { customerId } } })),
    ).toMatchObject(notFound);
    expect(await refused(management.GET('/agents', { params: about }))).toMatchObject(notFound);
    const renamed = { params: { path: { agentId } }, body: { customerId, name: 'x' } };
    expect(await refused(management.PATCH('/agents/{agentId}', renamed))).toMatchObject(notFound);
    const key = { ...about, path: { keyId } };
    expect(await refused(management.DELETE('/keys/{keyId}', { params: key }))).toMatchObject(notFound);
    const version = { path: { planVersionId } };
    const publish = management.POST('/plan-versions/{planVersionId}/publish', { params: version });
    expect(await refused(publish)).toMatchObject(notFound);
    const mine = await done(management.POST('/customers', { body: { name: 'mine' } }));
    const foreign = management.POST('/subscriptions', { body: { customerId: mine.id, planVersionId } });
    expect(await refused(foreign)).toMatchObject(notFound);
  });
});
