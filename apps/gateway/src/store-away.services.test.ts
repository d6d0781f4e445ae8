import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, chat, openStage, problemOf, type Stage } from './gateway-harness.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  await stage.publish();
});
afterAll(() => stage?.close());

describe('a gateway without its store', () => {
  it('starts from the snapshot on disk, knows its routes, and refuses what it cannot decide with 503', async () => {
    const key = await stage.subscribe('cus_away');
    const first = await stage.startGateway('one');
    expect((await chat(first, key)).status).toBe(200);
    // The copy on disk is made beside the calls.
    await expect.poll(() => existsSync(join(stage.folder, 'snapshot-one', 'api_acme.json'))).toBe(true);
    first.child.kill('SIGKILL');
    const before = stage.upstream.log.stats(null).calls;
    const alone = await stage.startGateway('one', 'postgres://nobody:nothing@127.0.0.1:9/none');
    expect((await fetch(`${alone.url}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${alone.url}/readyz`)).json()).toMatchObject({ status: 'not-ready', apis: 1 });
    const refused = await chat(alone, key);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).not.toBeNull();
    expect((await problemOf(refused)).slug).toBe('state-unavailable');
    expect((await fetch(`${alone.url}/acme/llm/nothing`, { headers: bearer(key) })).status).toBe(404);
    expect((await chat(alone, null)).status).toBe(401);
    expect(stage.upstream.log.stats(null).calls).toBe(before);
  });
});
