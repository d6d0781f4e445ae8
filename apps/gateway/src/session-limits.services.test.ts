import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GatewayProcess, problemOf } from './gateway-harness.ts';
import { openSessionStage, type Payer, type SessionStage } from './session-harness.ts';

const SIXTY_CENTS = 600_000n;

let seller: SessionStage;
let gateways: readonly GatewayProcess[];

beforeAll(async () => {
  seller = await openSessionStage({ weatherNanoUsd: SIXTY_CENTS * 1_000n });
  const limits = { SESSION_UNSETTLED_MAX_USD: '2', SESSION_UNSETTLED_PAYER_MAX_USD: '3' };
  gateways = [await seller.start('one', limits), await seller.start('two', limits)];
});
afterAll(() => seller?.close());

const weatherAt = (turn: number) => `${gateways[turn % 2]?.url}/acme/llm/weather?city=Porto`;

async function session(payer: Payer) {
  const sent: string[] = [];
  const by = payer.session('5', async (input, init) => {
    const authorization = new Headers(init?.headers).get('authorization');
    if (authorization !== null) sent.push(authorization);
    return fetch(input, init);
  });
  const channelKey = () => {
    const { channelId } = seller.mppx.Credential.deserialize(sent.at(-1) ?? '').payload as { channelId: string };
    return `channel:eip155:${seller.tempo.chainId}:${channelId.toLowerCase()}`;
  };
  return { by, sent, channelKey };
}

it('what waits for the chain is limited for a channel, and for all channels of its payer, at every gateway', async () => {
  const payer = await seller.payer();
  const first = await session(payer);
  for (let call = 0; call < 3; call += 1) expect((await first.by.fetch(weatherAt(call))).status).toBe(200);
  const beyond = await first.by.fetch(weatherAt(3));
  expect([beyond.status, beyond.headers.get('retry-after'), await problemOf(beyond)]).toMatchObject([
    ...[409, '10', { slug: 'payment-in-progress', reason: 'unsettled' }],
  ]);
  const second = await session(payer);
  for (let call = 0; call < 2; call += 1) expect((await second.by.fetch(weatherAt(call))).status).toBe(200);
  const more = await second.by.fetch(weatherAt(2));
  expect([more.status, more.headers.get('retry-after'), await problemOf(more)]).toMatchObject([
    ...[409, '10', { slug: 'payment-in-progress', reason: 'payer-unsettled' }],
  ]);
  // Who else pays is not concerned.
  expect((await (await session(await seller.payer())).by.fetch(weatherAt(0))).status).toBe(200);
  const refused = second.sent.at(-1) ?? '';
  await seller.stage.state.channels.settled(first.channelKey(), SIXTY_CENTS, null);
  const paid = await fetch(weatherAt(1), { headers: { authorization: refused } });
  expect([paid.status, paid.headers.has('payment-receipt')]).toEqual([200, true]);
});
