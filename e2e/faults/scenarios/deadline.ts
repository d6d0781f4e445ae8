import { SYSTEM, updateApi } from '@tollwright/services';
import { eventually } from '../../eventually.ts';
import { Expectations, type Scenario } from '../scenario.ts';

const DEADLINE_MS = 3_000;
const CHUNKS = 200;
const CHUNK_INTERVAL_MS = 150;
const CALLS = 6;

/** At its deadline the gateway cuts the call first, settles what was metered, then releases. */
export const deadline: Scenario = {
  name: 'deadline',
  about:
    'Streams that take longer than the upstream may: they are cut, charged for what was delivered, and hold nothing.',
  async run(scene) {
    const { stage } = scene;
    const { expect, failures } = new Expectations();
    const target = { providerId: stage.tenant.providerId, apiId: stage.tenant.apiId };
    await updateApi(stage.services, SYSTEM, { ...target, timeouts: { totalMs: DEADLINE_MS } });
    const gateway = await scene.gateway('a');
    const account = await scene.account('tokens', 900_000_000_000n);
    const startedAt = Date.now();
    const upstream = { 'completion-tokens': CHUNKS, chunks: CHUNKS, 'chunk-interval-ms': CHUNK_INTERVAL_MS };
    const answers = await Promise.all(
      Array.from({ length: CALLS }, () => scene.call(gateway, account, { stream: true, maxTokens: CHUNKS, upstream })),
    );
    const tookMs = Date.now() - startedAt;
    await updateApi(stage.services, SYSTEM, { ...target, timeouts: { totalMs: 60_000 } });
    const made = () =>
      stage.upstream.log.calls(null).filter((call) => call.headers['x-account'] === account.customerId);
    // The upstream hears of the end a moment after the caller.
    const calls = await eventually('the upstream heard that nobody listens', 30_000, async () =>
      made().every(({ outcome }) => outcome !== 'running') ? made() : null,
    );
    expect(tookMs < CHUNKS * CHUNK_INTERVAL_MS, `the streams went on for ${tookMs} ms`);
    expect(
      calls.every(({ outcome, outputTokens }) => outcome === 'aborted' && outputTokens > 0),
      `the upstream saw ${calls.map(({ outcome, outputTokens }) => `${outcome} after ${outputTokens}`).join(', ')}`,
    );
    const whole = answers.filter(({ text }) => text.includes('[DONE]')).length;
    expect(whole === 0, `${whole} streams came whole`);
    return { attempts: CALLS, counted: [{ account }], raw: { tookMs, aborted: calls.length }, failures };
  },
};
