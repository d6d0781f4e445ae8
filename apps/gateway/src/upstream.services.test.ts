import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, chat, type GatewayProcess, openStage, problemOf, type Stage } from './gateway-harness.ts';

/** An address that egress does not let the gateway connect to. */
const NOWHERE = 'http://127.0.0.1:9';
const BREAKER = { failuresInARow: 3, failurePercent: 100, windowMs: 10_000, callsMin: 100, openMs: 3_000 };

let stage: Stage;
let gateways: [own: GatewayProcess, undici: GatewayProcess];

beforeAll(async () => {
  stage = await openStage();
  await stage.publish();
  await stage.publish({
    ...{ apiId: 'api_moved', apiSlug: 'moved' },
    upstream: { baseUrl: NOWHERE, fallbacks: [{ baseUrl: stage.upstream.url }] },
  });
  await stage.publish({ apiId: 'api_failing', apiSlug: 'failing', upstream: { breaker: BREAKER } });
  gateways = [
    await stage.startGateway('own'),
    await stage.startGateway('undici', undefined, { UPSTREAM_CLIENT: 'undici' }),
  ];
});
afterAll(() => stage?.close());

const weather = (gateway: GatewayProcess, api: string, key: string, status?: number) =>
  fetch(`${gateway.url}/acme/${api}/weather`, {
    headers: { ...bearer(key), ...(status === undefined ? {} : { 'x-upstream-status': String(status) }) },
  });

describe.each([
  ['own', 0],
  ['undici', 1],
] as const)('upstreams over the %s client', (name, index) => {
  it('answer documents and streams, and are metered', async () => {
    const key = await stage.subscribe(`cus_${name}_plain`);
    const document = (await (await chat(gateways[index], key, { max_tokens: 5 })).json()) as { usage: object };
    expect(document.usage).toMatchObject({ completion_tokens: 5 });
    const body = { stream: true, stream_options: { include_usage: true }, upstream: { chunkIntervalMs: 1 } };
    const stream = await chat(gateways[index], key, body);
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(await stream.text()).toMatch(/"usage":\{[^}]+\}[\s\S]*data: \[DONE\]/);
  });

  it('that cannot be reached are replaced by their next address, and the call is charged once', async () => {
    const key = await stage.subscribe(`cus_${name}_moved`, { planVersionId: 'plv_flat' });
    const response = await weather(gateways[index], 'moved', key);
    expect(response.status).toBe(200);
    expect(response.headers.get('tollwright-cost-usd')).toBe('0.01');
    const [call, ...more] = stage.upstream.log.calls(response.headers.get('x-request-id'));
    expect([call?.target, more]).toEqual(['/weather', []]);
  });

  it('that fail too often are left alone for a moment, and callers are told when to come again', async () => {
    const key = await stage.subscribe(`cus_${name}_failing`, { planVersionId: 'plv_flat' });
    const gateway = gateways[index];
    for (let call = 0; call < 3; call++) expect((await weather(gateway, 'failing', key, 503)).status).toBe(503);
    const asked = stage.upstream.log.stats(null).calls;
    const refused = await weather(gateway, 'failing', key);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([502, expect.stringMatching(/^[123]$/)]);
    expect(refused.headers.get('tollwright-cost-usd')).toBe('0.00');
    expect(await problemOf(refused)).toMatchObject({ slug: 'upstream-failed' });
    expect(stage.upstream.log.stats(null).calls).toBe(asked);
    await expect.poll(async () => (await weather(gateway, 'failing', key)).status).toBe(200);
  });
});
