import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, chat, type GatewayProcess, openStage, type Stage } from './gateway-harness.ts';
import { whole } from './until-harness.ts';

let stage: Stage;
let survivor: GatewayProcess;

beforeAll(async () => {
  stage = await openStage();
  await stage.publish();
  survivor = await stage.startGateway('survivor');
});
afterAll(() => stage?.close());

const heldOf = async (customerId: string) =>
  (await stage.state.counters.read(`c:${customerId}`)).map(({ held }) => held);

/** A stream's progress is in the spool every second: this is two seconds and a half of it. */
const CHUNKS_OF_PROGRESS = 50;

/** Reads a stream to its end, and says when so many chunks of it have come. */
async function readSome({ body }: Response, chunks: number, come: () => void): Promise<void> {
  const decoder = new TextDecoder();
  let seen = 0;
  for await (const part of body ?? []) {
    const before = seen;
    seen += decoder.decode(part, { stream: true }).split('\n\n').length - 1;
    if (before < chunks && seen >= chunks) come();
  }
}

describe('a gateway that is killed', () => {
  it('in the middle of calls: a sibling drains its spool; each forwarded call has one event and holds are gone', async () => {
    const victim = await stage.startGateway('victim');
    const key = await stage.subscribe('cus_kill');
    const headers = {
      'x-upstream-chunks': '400',
      'x-upstream-completion-tokens': '400',
      'x-upstream-chunk-interval-ms': '50',
    };
    let progressed = 0;
    const streams = Array.from({ length: 4 }, async () => {
      const response = await chat(victim, key, { stream: true }, headers);
      await readSome(response, CHUNKS_OF_PROGRESS, () => progressed++).catch(() => undefined);
      return response.headers.get('x-request-id');
    });
    for (let call = 0; call < 20; call++) {
      expect((await whole(fetch(`${victim.url}/acme/llm/weather`, { headers: bearer(key) }))).status).toBe(200);
    }
    await expect.poll(() => progressed).toBe(4);
    expect((await heldOf('cus_kill')).some((held) => held > 0n)).toBe(true);
    victim.child.kill('SIGKILL');
    const requestIds = await Promise.all(streams);
    await expect.poll(() => heldOf('cus_kill')).toEqual([0n, 0n, 0n]);
    await expect
      .poll(async () => (await stage.events()).filter(({ customerId }) => customerId === 'cus_kill').length)
      .toBe(24);
    const events = await stage.events();
    for (const requestId of requestIds) {
      const own = events.filter((event) => event.requestId === requestId);
      expect(own).toHaveLength(1);
      expect(own[0]).toMatchObject({ decision: 'interrupted', estimated: true });
      expect(own[0]?.chargedNanoUsd).toBeGreaterThan(0n);
    }
    await expect.poll(() => survivor.log()).toContain('drained the spool of a dead gateway');
  });

  it('is not taken over while it is only stopped', async () => {
    const sleeper = await stage.startGateway('sleeper');
    const spoolId = /"spool":"(spl_\w+)"/.exec(sleeper.log())?.[1] ?? '';
    sleeper.child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(readdirSync(join(stage.folder, 'spool'))).toContain(spoolId);
    sleeper.child.kill('SIGCONT');
    const key = await stage.subscribe('cus_awake');
    expect((await fetch(`${sleeper.url}/acme/llm/weather`, { headers: bearer(key) })).status).toBe(200);
  });

  it('told to stop, it finishes its stream first and refuses new calls', async () => {
    const leaver = await stage.startGateway('leaver');
    const key = await stage.subscribe('cus_drain');
    const stream = await chat(leaver, key, { stream: true, stream_options: { include_usage: true } });
    leaver.child.kill('SIGTERM');
    expect(await stream.text()).toContain('[DONE]');
    await expect.poll(() => leaver.child.exitCode).toBe(0);
    const requestId = stream.headers.get('x-request-id');
    const mine = (await stage.events()).filter((event) => event.requestId === requestId);
    expect(mine).toHaveLength(1);
    expect(mine[0]).toMatchObject({ decision: 'forwarded', estimated: false });
  });
});
