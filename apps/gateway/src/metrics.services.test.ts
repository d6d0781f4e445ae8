import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, chat, type GatewayProcess, openStage, type Stage } from './gateway-harness.ts';
import { untilSettled, whole } from './until-harness.ts';

const SECRET_HEADERS = { 'x-payment': 'cGF5bWVudC1zZWNyZXQ=', cookie: 'session=cookie-secret' };

let stage: Stage;
let gateway: GatewayProcess;

beforeAll(async () => {
  stage = await openStage();
  await stage.publish({
    policies: [{ type: 'scopes', options: { scopes: ['never'] }, shadow: true }],
    upstream: { breaker: { failuresInARow: 2, failurePercent: 100, windowMs: 10_000, callsMin: 100, openMs: 60_000 } },
  });
  const settings = { METRICS_PORT: '0', LOG_LEVEL: 'trace', TOLLWRIGHT_TRACE_SAMPLE: '1' };
  gateway = await stage.startGateway('one', undefined, settings);
});
afterAll(() => stage?.close());

const scrape = async () => {
  const url = /"url":"(http[^"]+)","msg":"metrics are served"/.exec(gateway.log())?.[1];
  const text = await (await fetch(`${url}/metrics`)).text();
  const value = (name: string) => {
    const line = text.split('\n').find((candidate) => candidate.startsWith(`tollwright_gateway_${name} `));
    return line === undefined ? null : Number(line.slice(line.lastIndexOf(' ')));
  };
  return { text, value };
};
const weather = (key: string, status: number) =>
  fetch(`${gateway.url}/acme/llm/weather`, { headers: { ...bearer(key), 'x-upstream-status': String(status) } });

describe('the private port of a gateway', () => {
  it('tells how calls ended, what was refused, and how store, spool and breakers are', async () => {
    const key = await stage.subscribe('cus_counted', { planVersionId: 'plv_flat' });
    for (const status of [200, 200, 404]) await whole(weather(key, status));
    await chat(gateway, null);
    await untilSettled(stage, 'cus_counted');
    // The last settlement is counted when its batch is answered, and the last outcome when it is shipped.
    const underWay = async () => {
      const { value } = await scrape();
      const batches = Number(value('store_batch_items_count')) - Number(value('store_round_trip_seconds_count'));
      return [value('spool_unshipped_records'), batches, value('calls_in_flight')];
    };
    await expect.poll(underWay).toEqual([0, 0, 0]);
    const { value, text } = await scrape();
    expect(value('calls_total{api="api_acme",outcome="charged",class="2xx"}')).toBe(2);
    expect(value('calls_total{api="api_acme",outcome="unbilled",class="4xx"}')).toBe(1);
    expect(value('calls_total{api="api_acme",outcome="refused",class="4xx"}')).toBe(1);
    expect(value('problems_total{problem="invalid-key"}')).toBe(1);
    expect(value('call_duration_seconds_count')).toBe(3);
    expect(value('call_overhead_seconds_count')).toBe(3);
    const seconds = (name: string) => value(`call_${name}_seconds_sum`) ?? Number.NaN;
    expect(seconds('overhead')).toBeGreaterThan(0);
    expect(seconds('overhead')).toBeLessThan(seconds('duration'));
    expect(value('store_batch_items_count')).toBeGreaterThanOrEqual(3);
    expect(value('store_round_trip_seconds_count')).toBe(value('store_batch_items_count'));
    expect(value('shadow_refusals_total{api="api_acme",policy="scopes"}')).toBe(3);
    expect(value('traces_left_out_total')).toBe(0);
    expect([value('registered'), value('epoch'), value('calls_in_flight'), value('draining')]).toEqual([1, 1, 0, 0]);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).not.toContain('cus_counted');
    expect((await fetch(`${gateway.url}/metrics`)).status).toBe(404);
  });

  it('tells which breakers are open', async () => {
    const key = await stage.subscribe('cus_broken');
    for (const status of [503, 503]) await weather(key, status);
    const origin = new URL(stage.upstream.url).origin;
    const state = async () => (await scrape()).value(`breaker_state{api="api_acme",origin="${origin}"}`);
    await expect.poll(state).toBe(2);
  });
});

describe('what a gateway logs', () => {
  it('of refused and failed calls, at its finest level: no key, payment, cookie or upstream credential', async () => {
    const key = await stage.subscribe('cus_logged');
    const revoked = await stage.subscribe('cus_revoked', { record: { status: 'revoked' } });
    for (const shown of [key, revoked]) await chat(gateway, shown, {}, SECRET_HEADERS);
    await chat(gateway, null, {}, SECRET_HEADERS);
    await chat(gateway, `${key}x`, {}, SECRET_HEADERS);
    // What it writes comes through a pipe, in order.
    await expect.poll(() => gateway.log()).toContain('an upstream failed');
    const log = gateway.log();
    for (const secret of [key, revoked, 'cGF5bWVudC1zZWNyZXQ=', 'cookie-secret', 'upstream-secret-token']) {
      expect(log).not.toContain(secret);
    }
  });
});
