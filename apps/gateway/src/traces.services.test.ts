import { type CallTrace, type PolicyConfig, toJson } from '@tollwright/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, chat, type GatewayProcess, openStage, type Stage } from './gateway-harness.ts';
import { untilRoom } from './until-harness.ts';

let stage: Stage;
let sampling: GatewayProcess;
let quiet: GatewayProcess;

const config = (type: string, options: PolicyConfig['options'], shadow = false): PolicyConfig => ({
  ...{ type, options, shadow },
});

beforeAll(async () => {
  stage = await openStage();
  const burst = config('rate-limit', { name: 'burst', limit: 2, windowSeconds: 3_600 });
  await stage.publish({
    policies: [burst, config('rate-limit', { name: 'trial', limit: 1, windowSeconds: 3_600 }, true)],
  });
  [sampling, quiet] = await Promise.all([
    stage.startGateway('sampling', undefined, { TOLLWRIGHT_TRACE_SAMPLE: '1' }),
    stage.startGateway('quiet'),
  ]);
});
afterAll(() => stage?.close());

/** The traces of a customer (null: of nobody that is known) that have arrived, oldest first, once there are so many. */
async function tracesOf(customerId: string | null, count: number): Promise<CallTrace[]> {
  const arrived = async () =>
    (await stage.state.traces.read(1_000)).flatMap(({ trace }) => (trace?.customerId === customerId ? [trace] : []));
  await expect.poll(async () => (await arrived()).length).toBe(count);
  return arrived();
}

const decisions = (trace: CallTrace | undefined) =>
  trace?.policies.map(({ policy, decision }) => `${policy.replace(/^budget:.*/, 'budget')} ${decision}`);

describe('traces of calls', () => {
  it('tell of a refused call who refused it, at which limit, and what it would have cost at most', async () => {
    await untilRoom(stage, 3_600);
    const key = await stage.subscribe('cus_burst', { planVersionId: 'plv_pro' });
    const statuses: number[] = [];
    for (let call = 0; call < 3; call += 1) statuses.push((await chat(sampling, key, { max_tokens: 10 })).status);
    expect(statuses).toEqual([200, 200, 429]);
    const [first, second, refused] = await tracesOf('cus_burst', 3);
    expect(refused).toMatchObject({
      ...{ providerId: 'prv_acme', customerId: 'cus_burst', agentId: 'agt_cus_burst', keyId: 'key_cus_burst' },
      ...{ outcome: 'refused', status: 429, problem: 'rate-limited', method: 'POST' },
      ...{ pathTemplate: '/v1/chat/completions', gateway: 'sampling', used: null, chargedNanoUsd: null },
    });
    expect(refused?.policies.find(({ decision }) => decision === 'refused')).toMatchObject({
      ...{ policy: 'rate-limit:burst', limit: '2', before: '2', after: '2', unit: 'calls', level: 'api' },
    });
    expect(Number(refused?.worstCase?.amountNanoUsd)).toBeGreaterThan(0);
    expect(decisions(first)).toEqual([
      ...['api-key allowed', 'rate-limit allowed', 'budget allowed', 'budget allowed', 'quota:tokens allowed'],
      ...['rate-limit:burst allowed', 'rate-limit:trial allowed'],
    ]);
    expect(decisions(second)?.at(-1)).toBe('rate-limit:trial would-refuse');
  });

  it('tell of a granted call what was held, used and charged, as its usage event does', async () => {
    const key = await stage.subscribe('cus_priced', { planVersionId: 'plv_pro' });
    expect((await chat(sampling, key, { max_tokens: 10 })).status).toBe(200);
    const [trace] = await tracesOf('cus_priced', 1);
    const ofCall = async () => (await stage.events()).find(({ eventId }) => eventId === trace?.eventId);
    await expect.poll(ofCall).toMatchObject({ requestId: trace?.requestId, status: 200 });
    const event = await ofCall();
    expect(trace).toMatchObject({ outcome: 'granted', status: 200, problem: null });
    expect(trace?.chargedNanoUsd).toBe(event?.chargedNanoUsd.toString());
    expect(trace?.used?.amountNanoUsd).toBe(event?.ratedNanoUsd.toString());
    expect(trace?.used?.lines.map(({ meter, quantity }) => [meter, quantity])).toEqual([
      ['input_tokens', String(event?.data.input_tokens)],
      ['output_tokens', String(event?.data.output_tokens)],
    ]);
    const budget = trace?.policies.find(({ type }) => type === 'budget');
    expect(BigInt(budget?.after ?? 0) - BigInt(budget?.before ?? 0)).toBe(
      BigInt(trace?.worstCase?.amountNanoUsd ?? -1),
    );
  });

  it('of granted calls are made for the sample only, and of those that a shadowed policy would have refused', async () => {
    await untilRoom(stage, 3_600);
    const key = await stage.subscribe('cus_sample', { planVersionId: 'plv_pro' });
    for (let call = 0; call < 3; call += 1) await chat(quiet, key);
    const made = await tracesOf('cus_sample', 2);
    expect(made.map(({ outcome }) => outcome)).toEqual(['granted', 'refused']);
    expect(decisions(made[0])?.at(-1)).toBe('rate-limit:trial would-refuse');
  });

  it('of a key that nobody knows belong to the provider alone', async () => {
    expect((await chat(quiet, 'tw_live_nobody_0000000000')).status).toBe(401);
    const [trace] = await tracesOf(null, 1);
    expect(trace).toMatchObject({ providerId: 'prv_acme', agentId: null, keyId: null, problem: 'invalid-key' });
    expect(decisions(trace)).toEqual(['api-key refused']);
  });

  it('hold no key, header, body or query; and an address only where a filter of addresses refused it', async () => {
    await untilRoom(stage, 3_600);
    const key = await stage.subscribe('cus_secret', { planVersionId: 'plv_pro' });
    const secret = 'SECRET-7f3a';
    for (let call = 0; call < 3; call += 1) {
      const body = { messages: [{ role: 'user', content: secret }], user: secret };
      await chat(sampling, key, body, { 'x-secret': secret, 'user-agent': secret });
    }
    await fetch(`${sampling.url}/acme/llm/quotes/${secret}?token=${secret}`, { headers: bearer(key) });
    const text = toJson(await tracesOf('cus_secret', 4));
    expect([text.includes(secret), text.includes(key), text.includes(key.slice(0, 16))]).toEqual([false, false, false]);
    expect(text).not.toContain('127.0.0.1');
    await stage.publish({ policies: [config('ip-filter', { deny: ['127.0.0.0/8'] })] });
    const barred = await stage.subscribe('cus_barred', { planVersionId: 'plv_pro' });
    await expect.poll(async () => (await chat(sampling, barred)).status).toBe(403);
    // A call that was granted before the policy arrived may be traced after it: granted calls are traced at their end.
    const refused = async () =>
      (await stage.state.traces.read(1_000)).find(({ trace }) => {
        return trace?.customerId === 'cus_barred' && trace.problem === 'forbidden';
      })?.trace;
    await expect.poll(refused).toMatchObject({ clientIp: '127.0.0.1' });
  });

  it('tell of a call that met a newer version on its way what that version decided', async () => {
    // What stood before has a filter too: a busy gateway may refuse by it until it has fetched this one.
    const { version: first } = await stage.publish();
    const key = await stage.subscribe('cus_newer', { planVersionId: 'plv_pro' });
    const versions: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      await stage.publish();
      await expect.poll(async () => (await chat(sampling, key)).status).toBe(200);
      // Called before the gateway can have fetched it: the store says that there is a newer one.
      const { version } = await stage.publish({ policies: [config('ip-filter', { deny: ['127.0.0.0/8'] })] });
      expect((await chat(sampling, key)).status).toBe(403);
      versions.push(version);
    }
    const refused = async () =>
      (await stage.state.traces.read(1_000)).flatMap(({ trace }) =>
        trace?.customerId === 'cus_newer' && trace.status === 403 && trace.snapshotVersion >= first ? [trace] : [],
      );
    // A version that refused may refuse once more before the next one is fetched.
    const told = async () => [...new Set((await refused()).map(({ snapshotVersion }) => snapshotVersion))];
    await expect.poll(told).toEqual(versions);
    for (const trace of await refused()) {
      expect(trace).toMatchObject({ clientIp: '127.0.0.1', problem: 'forbidden' });
      expect(decisions(trace)).toEqual(['api-key allowed', 'ip-filter refused']);
    }
  });

  it('never grow without end under a flood of refused calls, and what was left out is told when the gateway stops', async () => {
    const gateway = await stage.startGateway('flooded');
    const answers = await Promise.all(Array.from({ length: 600 }, () => chat(gateway, 'tw_live_nobody_0000000000')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    // Later than its exit: only then all that it wrote has come.
    const ended = new Promise((resolve) => gateway.child.once('close', resolve));
    gateway.child.kill('SIGTERM');
    await ended;
    const kept = (await stage.state.traces.read(10_000)).filter(({ trace }) => trace?.gateway === 'flooded').length;
    expect(kept).toBeGreaterThan(100);
    expect(kept).toBeLessThan(500);
    const told = /"traces":(\d+),[^}]*"msg":"traces of calls were left out"/.exec(gateway.log())?.[1];
    expect(Number(told) + kept).toBe(600);
  });
});
