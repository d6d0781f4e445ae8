import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bearer, chat, type GatewayProcess, openStage, type Stage } from './gateway-harness.ts';

let stage: Stage;
let gateway: GatewayProcess;

beforeAll(async () => {
  stage = await openStage();
  await stage.publish({ upstream: { idleTimeoutMs: 60_000 } });
  gateway = await stage.startGateway('one');
});
afterAll(() => stage?.close());

const POLL = { timeout: 8_000, interval: 50 };

async function reportOf() {
  const [spool] = await stage.state.spools.list();
  return spool?.report ?? { sequence: -1, sinceMs: 0, atMs: 0 };
}

it('reports follow the clock while it is idle, and stay before a running call until its item is counted', async () => {
  const key = await stage.subscribe('cus_report');
  const started = await stage.state.nowMs();
  await expect.poll(async () => (await reportOf()).sinceMs, POLL).toBeGreaterThan(started);

  const before = await stage.state.nowMs();
  const gone = new AbortController();
  const stream = await chat(gateway, key, { stream: true }, { 'x-upstream-stall-after-chunks': '1' }, gone.signal);
  const [held] = await stage.state.counters.holds({ tag: 'c:cus_report' });
  const reservedAtMs = held?.sinceMs ?? Number.NaN;
  expect(reservedAtMs).toBeGreaterThanOrEqual(before);
  // Shorter calls come and go beside it.
  const weather = () => fetch(`${gateway.url}/acme/llm/weather`, { headers: bearer(key) });
  for (let call = 0; call < 3; call += 1) expect((await weather()).status).toBe(200);
  await expect.poll(async () => (await reportOf()).sequence, POLL).toBe(3);
  const during = await reportOf();
  expect(during.sinceMs).toBeLessThanOrEqual(reservedAtMs);
  expect(during.atMs).toBeGreaterThan(reservedAtMs);

  gone.abort();
  await expect(stream.text()).rejects.toThrow();
  const ended = await stage.state.nowMs();
  await expect.poll(async () => (await reportOf()).sinceMs, POLL).toBeGreaterThan(ended);
  expect((await reportOf()).sequence).toBe(4);
});

it('a process that is stopped reports nothing, and no call from before it stopped is overlooked', async () => {
  gateway.child.kill('SIGSTOP');
  const stopped = await stage.state.nowMs();
  // What it had sent before it stopped may still be on its way.
  await sleep(500);
  const { atMs } = await reportOf();
  await sleep(1_500);
  expect((await reportOf()).atMs).toBe(atMs);
  gateway.child.kill('SIGCONT');
  await expect.poll(async () => (await reportOf()).atMs, POLL).toBeGreaterThan(stopped + 1_000);
});
