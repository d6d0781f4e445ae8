import { type RedisServer, startRedis } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundStore, type GatewayProcess, problemOf } from './gateway-harness.ts';
import { CENT, openSessionStage, type SessionStage } from './session-harness.ts';

let redis: RedisServer;
let seller: SessionStage;
let gateway: GatewayProcess;

beforeAll(async () => {
  redis = await startRedis();
  await foundStore(redis.url);
  seller = await openSessionStage({ redisUrl: redis.url });
  gateway = await seller.start('one');
});
afterAll(async () => {
  await seller?.close();
  await redis?.stop();
});

const weatherUrl = () => `${gateway.url}/acme/llm/weather?city=Porto`;
const forwarded = () => seller.stage.upstream.log.stats(null).calls;
const paidWith = (authorization: string, headers: Record<string, string> = {}) =>
  fetch(weatherUrl(), { headers: { authorization, ...headers } });

/** What the worker does once all gateways have rejoined a store that was emptied: it has what they shipped before. */
async function rebuild(payments: Awaited<ReturnType<SessionStage['stage']['payments']>>, gateways: number) {
  const { epochs } = seller.stage.state;
  // Whoever sees the loss raises the epoch, and somebody may see it after others did.
  const rejoined = async () => {
    const now = await epochs.current();
    const { epoch } = now.kind === 'closed' ? now : await epochs.raise(now.epoch, 'emptied');
    return (await epochs.reports(epoch)).length;
  };
  await expect.poll(rejoined).toBe(gateways);
  const { epoch } = await epochs.current();
  await seller.publish();
  const claims = payments.map((record) => ({ record, callId: record.requestId, spoolId: '', requestHash: '' }));
  await epochs.restoreClaims(epoch, claims);
  expect((await epochs.open(epoch)).kind).toBe('open');
}

describe('a session whose store is emptied', () => {
  it('is rebuilt with what was spent: an old voucher pays for nothing, the next one does, and the chain is exact', async () => {
    const payer = await seller.payer();
    const sent: string[] = [];
    const session = payer.session('1', async (input, init) => {
      const authorization = new Headers(init?.headers).get('authorization');
      if (authorization !== null) sent.push(authorization);
      return fetch(input, init);
    });
    for (let call = 0; call < 3; call += 1) expect((await session.fetch(weatherUrl())).status).toBe(200);
    const settled = async () => (await seller.stage.payments()).filter(({ state }) => state === 'settled');
    await expect.poll(async () => (await settled()).length).toBe(3);
    const payments = await seller.stage.payments();
    const before = forwarded();

    await redis.flush();
    expect([402, 503]).toContain((await paidWith(sent[1] ?? '')).status);
    await rebuild(payments, 1);
    await expect.poll(async () => (await fetch(weatherUrl())).status).toBe(402);
    await expect.poll(async () => (await paidWith(sent[2] ?? '')).status).toBe(402);
    for (const voucher of sent) {
      const response = await paidWith(voucher);
      expect([response.status, (await problemOf(response)).reason]).toEqual([402, 'session/insufficient-balance']);
    }
    expect(forwarded()).toBe(before);

    const next = await session.fetch(weatherUrl());
    expect([next.status, forwarded()]).toEqual([200, before + 1]);
    const earned = await seller.tempo.balanceOf(seller.payTo);
    expect(await session.close()).toMatchObject({ spent: '40000' });
    expect((await seller.tempo.balanceOf(seller.payTo)) - earned).toBe(4n * CENT.atomic);
  });
});

describe('a gateway that is killed while a voucher is being served', () => {
  it('charges nothing for it: its voucher pays at another gateway once the worker has looked', async () => {
    const { state } = seller.stage;
    const payer = await seller.payer();
    const session = payer.session();
    expect((await session.fetch(weatherUrl())).status).toBe(200);
    const before = forwarded();
    const hanging = session.fetch(weatherUrl(), { headers: { 'x-upstream-delay-ms': '60000' } }).catch(() => null);
    await expect.poll(forwarded).toBe(before + 1);
    gateway.child.kill('SIGKILL');
    await hanging;
    gateway = await seller.start('two');
    // The worker takes in what the dead gateway left, and with that its spool is closed.
    const orphan = async () => {
      for (const { spoolId } of await state.spools.list()) {
        const last = (await state.inbox.read(spoolId, 0, 10_000)).at(-1);
        if (last !== undefined) await state.inbox.acknowledge(spoolId, last.sequence);
      }
      return (await state.claims.unresolved('', 100)).find(({ abandoned }) => abandoned)?.record;
    };
    await expect.poll(orphan).toMatchObject({ state: 'claimed', scheme: 'session' });
    const claimed = await orphan();
    if (claimed === undefined) throw new Error('nobody left a claim');
    const channelKey = claimed.claimKey.split('#')[0] ?? '';
    expect(await state.channels.get(channelKey)).toMatchObject({ spentAtomic: CENT.atomic, heldAtomic: CENT.atomic });
    const resolution = await seller.resolve(claimed);
    expect(resolution.kind).toBe('released');
    await state.claims.move(claimed.claimKey, claimed, { ...claimed, state: 'released', version: claimed.version + 1 });
    const again = await session.fetch(weatherUrl());
    expect([again.status, forwarded()]).toEqual([200, before + 2]);
    expect(await session.close()).toMatchObject({ acceptedCumulative: '20000', spent: '20000' });
  });
});
