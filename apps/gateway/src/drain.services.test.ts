import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chat, type GatewayProcess, openStage, problemOf, type Stage } from './gateway-harness.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  await stage.publish();
});
afterAll(() => stage?.close());

const readyz = async (gateway: GatewayProcess) => {
  const reply = await fetch(`${gateway.url}/readyz`);
  const { reasons } = (await reply.json()) as { reasons: { check: string; detail: string }[] };
  return { status: reply.status, reasons };
};

describe('a gateway that is told to stop', () => {
  it('says so first, finishes a stream of seconds whole, refuses new calls and ends with 0', async () => {
    const gateway = await stage.startGateway('one');
    const key = await stage.subscribe('cus_stream');
    const upstream = { chunkIntervalMs: 300, chunks: 20, completionTokens: 20 };
    const stream = await chat(gateway, key, { stream: true, max_tokens: 20, upstream });
    expect(stream.status).toBe(200);
    const exit = once(gateway.child, 'exit');
    const toldAtMs = Date.now();
    gateway.child.kill('SIGTERM');
    await expect.poll(async () => (await readyz(gateway)).reasons.map(({ check }) => check)).toEqual(['draining']);
    const refused = await chat(gateway, key);
    expect([refused.status, refused.headers.get('connection')]).toEqual([503, 'close']);
    expect((await problemOf(refused)).slug).toBe('draining');
    const text = await stream.text();
    expect(Date.now() - toldAtMs).toBeGreaterThan(1_500);
    expect(text).toMatch(/data: \[DONE\]\s*$/);
    expect(await exit).toEqual([0, null]);
    const [event, ...more] = (await stage.events()).filter(({ customerId }) => customerId === 'cus_stream');
    expect([event?.decision, event?.data.output_tokens, more.length]).toEqual(['forwarded', 20, 0]);
    expect(await stage.state.counters.holds({ tag: 'c:cus_stream' })).toEqual([]);
  });

  it('listens for its notice even when nothing runs', async () => {
    const gateway = await stage.startGateway('two', undefined, { TOLLWRIGHT_DRAIN_NOTICE_MS: '4000' });
    const exit = once(gateway.child, 'exit');
    const toldAtMs = Date.now();
    gateway.child.kill('SIGTERM');
    await expect.poll(async () => (await readyz(gateway)).status).toBe(503);
    expect(await exit).toEqual([0, null]);
    expect(Date.now() - toldAtMs).toBeGreaterThanOrEqual(4_000);
  });
});

describe('readiness', () => {
  it('names the store that has not answered, and what to look at', async () => {
    const alone = await stage.startGateway('three', 'postgres://nobody:nothing@127.0.0.1:9/none');
    const [reason, ...more] = (await readyz(alone)).reasons;
    expect(more).toEqual([]);
    expect(reason?.check).toBe('store');
    expect(reason?.detail).toContain('STATE_DATABASE_URL');
  });

  it('names an epoch that is closed, and who to ask', async () => {
    const gateway = await stage.startGateway('four');
    const { epoch } = await stage.state.epochs.current();
    await stage.state.epochs.raise(epoch, 'a test');
    const checks = async () => (await readyz(gateway)).reasons;
    await expect.poll(async () => (await checks()).map(({ check }) => check)).toEqual(['epoch']);
    expect((await checks())[0]?.detail).toContain('epoch -- status');
  });
});
