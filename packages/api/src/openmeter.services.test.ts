import { type Event, HTTPError, OpenMeter } from '@openmeter/sdk';
import { createMeter, resolveToken, signUpCustomer } from '@tollwright/services';
import { createWorld, openServicesHarness, type ServicesHarness, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handleRest } from './rest.ts';

const ANONYMOUS = { kind: 'anonymous' } as const;
const DAY = '2026-11-01';

let harness: ServicesHarness;
let world: World;
let client: OpenMeter;

beforeAll(async () => {
  harness = await openServicesHarness({ clock: () => Date.UTC(2026, 10, 2, 12) });
  world = await createWorld(harness, 'metered');
  const { providerId } = world;
  const shape = { providerId, eventType: 'prompt', groupBy: { model: '$.model', kind: '$.usage.kind' } };
  const meters = [
    ['prompts', 'COUNT', null],
    ['tokens', 'SUM', '$.usage.tokens'],
    ['models', 'UNIQUE_COUNT', '$.model'],
    ['average', 'AVG', '$.usage.tokens'],
    ['smallest', 'MIN', '$.usage.tokens'],
    ['largest', 'MAX', '$.usage.tokens'],
    ['newest', 'LATEST', '$.usage.tokens'],
  ] as const;
  for (const [slug, aggregation, valueProperty] of meters) {
    await createMeter(harness.ctx, world.owner, { ...shape, slug, name: slug, aggregation, valueProperty });
  }
  client = clientOf(world.token);
});
afterAll(() => harness?.close());

/** The client as its makers published it, whose requests the management API answers. */
function clientOf(apiKey: string): OpenMeter {
  return new OpenMeter({ baseUrl: 'https://portal.example', apiKey, fetch: answer });
}

async function answer(request: Request): Promise<Response> {
  const token = request.headers.get('authorization')?.replace(/^Bearer /, '') ?? '';
  const actor = (await resolveToken(harness.ctx, token)) ?? ANONYMOUS;
  const organization = actor.kind === 'token' ? { providerId: actor.providerId, customerId: actor.customerId } : null;
  return handleRest(request, { services: harness.ctx, actor, organization, requestId: 'req_test' });
}

function post(body: unknown, contentType: string): Promise<Response> {
  const headers = { authorization: `Bearer ${world.token}`, 'content-type': contentType };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  return answer(new Request('https://portal.example/api/v1/events', init));
}

function prompt(subject: string, time: string, data: object, id?: string): Event {
  const named = id === undefined ? {} : { id };
  return { type: 'prompt', subject, time: new Date(`${DAY}T${time}Z`), data, ...named } as unknown as Event;
}

async function valuesOf(meter: string, subject: string) {
  const { data } = await client.meters.query(meter, { subject: [subject] });
  return data.map(({ value }) => value);
}

async function refusalOf(run: Promise<unknown>): Promise<HTTPError> {
  const error = await run.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HTTPError)) throw new Error('was not refused');
  return error;
}

describe("OpenMeter's own client", () => {
  it('ingests one event and many, and reads every aggregation', async () => {
    await client.events.ingest(prompt('all', '10:00:00', { model: 'a', usage: { tokens: 10 } }));
    await client.events.ingest([
      prompt('all', '10:01:00', { model: 'b', usage: { tokens: 0.25 } }),
      prompt('all', '10:03:00', { model: 'a', usage: { tokens: '-4' } }),
      prompt('all', '10:02:00', { model: 'c', usage: { tokens: 'many' } }),
    ]);
    const values: Record<string, number[]> = {};
    for (const { slug } of (await client.meters.list()) ?? []) values[slug] = await valuesOf(slug, 'all');
    const ofCalls = { requests: [], input_tokens: [], output_tokens: [] };
    expect({ ...ofCalls, ...values }).toMatchObject({
      ...{ prompts: [4], tokens: [6.25], models: [3], average: [6.25 / 3] },
      ...{ smallest: [-4], largest: [10], newest: [-4] },
    });
  });

  it('groups, filters and cuts windows in a time zone whose clocks change', async () => {
    // New York went from UTC-4 to UTC-5 at 06:00 UTC: 01:30 came twice.
    await client.events.ingest([
      prompt('shifts', '03:59:00', { model: 'a', usage: { tokens: 1, kind: 'in' } }),
      prompt('shifts', '05:30:00', { model: 'a', usage: { tokens: 2, kind: 'in' } }),
      prompt('shifts', '06:30:00', { model: 'b', usage: { tokens: 4, kind: 'in' } }),
      prompt('shifts', '07:30:00', { model: 'a', usage: { tokens: 8, kind: 'out' } }),
    ]);
    const period = { from: new Date(`${DAY}T00:00:00Z`), to: new Date('2026-11-02T00:00:00Z') };
    const zone = { subject: ['shifts'], windowTimeZone: 'America/New_York' };
    const days = await client.meters.query('tokens', { ...period, ...zone, windowSize: 'DAY' });
    expect(days).toEqual({
      ...period,
      windowSize: 'DAY',
      data: [
        rowOf(1, '2026-10-31T04:00:00Z', '2026-11-01T04:00:00Z'),
        rowOf(14, '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z'),
      ],
    });
    const hours = await client.meters.query('tokens', { ...period, ...zone, windowSize: 'HOUR' });
    expect(hours.data.map(({ value }) => value)).toEqual([1, 2, 4, 8]);
    const grouped = await client.meters.query('tokens', {
      ...{ ...zone, windowSize: 'MONTH', groupBy: ['model', 'subject'], filterGroupBy: { kind: 'in' } },
    });
    expect(grouped.data.map(({ value, subject, groupBy }) => [value, subject, groupBy])).toEqual([
      [1, 'shifts', { model: 'a' }],
      [2, 'shifts', { model: 'a' }],
      [4, 'shifts', { model: 'b' }],
    ]);
    const minutes = await client.meters.query('largest', { ...zone, windowSize: 'MINUTE' });
    expect(minutes.data.map(({ value }) => value)).toEqual([1, 2, 4, 8]);
  });

  it('counts what it sends again once, also beside new events', async () => {
    const first = prompt('again', '11:00:00', { usage: { tokens: 1 } }, 'one');
    const second = prompt('again', '11:00:00', { usage: { tokens: 2 } }, 'two');
    await Promise.all([client.events.ingest([first, second, first]), client.events.ingest([second, first])]);
    await client.events.ingest([first, prompt('again', '11:00:00', { usage: { tokens: 4 } }, 'three')]);
    expect([await valuesOf('tokens', 'again'), await valuesOf('prompts', 'again')]).toEqual([[7], [3]]);
  });

  it('stores nothing of a batch with a bad event, and hears which it is', async () => {
    const good = prompt('bad', '11:00:00', {});
    const late = { ...good, time: new Date('2026-09-01T00:00:00Z') };
    const refused = await refusalOf(client.events.ingest([good, late]));
    expect([refused.status, refused.getField('errors')]).toEqual([
      422,
      [{ path: 'events.1.time', message: 'must be at most 31 days ago' }],
    ]);
    const nameless = await refusalOf(client.events.ingest([good, { ...good, subject: '' }]));
    expect(nameless.getField('errors')).toMatchObject([{ path: 'events.1.subject' }]);
    expect(await valuesOf('prompts', 'bad')).toEqual([]);
  });

  it('keeps subjects, whose events are the usage of the customer whom they name', async () => {
    const { providerId, customerId } = world;
    await client.events.ingest([prompt('acme', '09:00:00', {}), prompt(customerId, '09:00:00', {})]);
    const linked = { key: 'acme', displayName: 'Acme', metadata: { tier: 1 }, customerId };
    expect(await client.subjects.upsert(linked)).toMatchObject([linked]);
    await client.events.ingest(prompt('acme', '09:01:00', {}));
    expect(await client.subjects.get('acme')).toMatchObject(linked);
    expect((await client.subjects.list())?.map(({ key }) => key)).toEqual(expect.arrayContaining(['acme', customerId]));
    const { data } = await client.meters.query('prompts', { filterCustomerId: [customerId], groupBy: ['subject'] });
    expect(data.map(({ subject, value }) => [subject, value]).sort()).toEqual(
      [
        ['acme', 1],
        [customerId, 1],
      ].sort(),
    );
    const stranger = await harness.person('other@metered.example');
    const other = await signUpCustomer(harness.ctx, stranger, { providerSlug: 'metered', name: 'Other' });
    const taken = await refusalOf(client.subjects.upsert({ key: customerId, customerId: other.id } as never));
    expect([taken.status, providerId]).toEqual([422, world.providerId]);
    await client.subjects.delete('acme');
    expect((await refusalOf(client.subjects.get('acme'))).status).toBe(404);
  });

  it('reads a meter by id and by slug, and hears of a meter or dimension that is not there', async () => {
    const meter = (await client.meters.list())?.find(({ slug }) => slug === 'tokens');
    expect(meter).toMatchObject({ aggregation: 'SUM', eventType: 'prompt', valueProperty: '$.usage.tokens' });
    expect(await client.meters.get(meter?.id ?? '')).toEqual(meter);
    expect(await client.meters.query(meter?.id ?? '')).toEqual(await client.meters.query('tokens'));
    expect((await refusalOf(client.meters.query('nothing'))).status).toBe(404);
    expect((await refusalOf(client.meters.query('tokens', { groupBy: ['region'] }))).status).toBe(422);
  });

  it('is refused without a token, and by the token of another provider sees nothing of this one', async () => {
    expect((await refusalOf(clientOf('').events.ingest(prompt('x', '09:00:00', {})))).status).toBe(401);
    const elsewhere = await createWorld(harness, 'elsewhere');
    expect((await refusalOf(clientOf(elsewhere.token).meters.query('tokens'))).status).toBe(404);
    expect(await clientOf(elsewhere.token).subjects.list()).toEqual([]);
  });
});

describe('POST /events', () => {
  const event = { specversion: '1.0', source: 'job', type: 'prompt', subject: 'raw', time: `${DAY}T08:00:00+01:00` };

  it('takes one event, a batch, and either as application/json, and answers 204', async () => {
    const sent = [
      await post({ ...event, id: '1' }, 'application/cloudevents+json'),
      await post([{ ...event, id: '2' }], 'application/cloudevents-batch+json; charset=UTF-8'),
      await post([{ ...event, id: '3' }], 'application/json'),
      await post({ ...event, id: '3' }, 'application/json'),
    ];
    expect(await Promise.all(sent.map(async (one) => [one.status, await one.text()]))).toEqual(
      sent.map(() => [204, '']),
    );
    expect(await valuesOf('prompts', 'raw')).toEqual([3]);
  });

  it('refuses what is no CloudEvent of version 1.0 with JSON data', async () => {
    const refused = async (body: unknown, type = 'application/json') => (await post(body, type)).status;
    expect(await refused({ ...event, id: '9' }, 'text/plain')).toBe(415);
    for (const change of [
      { specversion: '0.3' },
      { id: '' },
      { data: 'text' },
      { data_base64: 'AA==' },
      { time: 'now' },
    ]) {
      expect(await refused({ ...event, id: '9', ...change }), JSON.stringify(change)).toBe(422);
    }
    expect(await refused([])).toBe(422);
    expect(await valuesOf('prompts', 'raw')).toEqual([3]);
  });

  it('keeps events of tests apart', async () => {
    await post({ ...event, id: '4', livemode: false }, 'application/json');
    expect(await valuesOf('prompts', 'raw')).toEqual([3]);
  });
});

function rowOf(value: number, start: string, end: string) {
  return { value, windowStart: new Date(start), windowEnd: new Date(end), subject: null, groupBy: {} };
}
