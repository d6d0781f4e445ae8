import { WEBHOOK_RETRY_SECONDS } from '@tollwright/contracts';
import {
  createWebhook,
  listWebhooks,
  recordPayment,
  replayWebhook,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
} from '@tollwright/services';
import { paymentOf } from '@tollwright/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openWebhookStage, type WebhookStage } from './webhooks-harness.ts';

let stage: WebhookStage;
beforeAll(async () => {
  stage = await openWebhookStage(['incident.opened', 'key.revoked']);
});
beforeEach(() => stage.begin());
afterAll(() => stage?.close());

const provider = () => ({ providerId: stage.world.providerId });
const endpoint = () => ({ ...provider(), endpointId: stage.endpointId });
const test = () => testWebhook(stage.harness.ctx, stage.world.owner, endpoint());

/** The headers of a received request, as the library wants them. */
function headersOf(index: number): Record<string, string> {
  const { headers } = stage.receiver.received[index] ?? { headers: {} };
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

const verified = (index: number, secret = stage.secret) =>
  new Webhook(secret).verify(stage.receiver.received[index]?.body ?? '', headersOf(index));

describe('an event', () => {
  it('reaches whoever wants to hear of it, signed as Standard Webhooks says', async () => {
    const { world } = stage;
    const keyId = await stage.revokeAKey();
    await stage.round();
    expect(verified(0)).toMatchObject({
      ...{ type: 'key.revoked', livemode: true, providerId: world.providerId, customerId: world.customerId },
      data: { keyId, agentId: world.agentId, name: 'short-lived' },
    });
    expect(stage.receiver.received).toHaveLength(1);
    expect(await stage.delivery()).toMatchObject({
      ...{ state: 'delivered', attempts: 1, eventId: headersOf(0)['webhook-id'], nextAttemptAt: null },
      body: stage.receiver.received[0]?.body,
      history: [{ number: 1, status: 204, error: null, headers: { 'webhook-id': headersOf(0)['webhook-id'] } }],
    });
  });

  it('is an incident that was opened, once for each, and not a payment that failed, which it does not want to hear of', async () => {
    const { harness, world } = stage;
    const { providerId, customerId, apiId, routeId, agentId, keyId } = world;
    const tenant = {
      providerId,
      customerId,
      apiId,
      routeIds: [routeId, routeId],
      agentIds: [agentId],
      keyIds: [keyId],
    };
    const untaxed = paymentOf(tenant as never, { tax: { kind: 'missing', reason: 'stripe_api_error' } });
    await recordPayment(harness.workerCtx, untaxed);
    await recordPayment(harness.workerCtx, { ...untaxed, version: untaxed.version + 1 });
    await recordPayment(harness.workerCtx, paymentOf(tenant as never, { state: 'failed', settledAt: null }));
    await stage.round();
    const told = stage.receiver.received.map(
      ({ body }) => JSON.parse(body) as { type: string; data: { kind: string } },
    );
    // Its call was not answered either.
    expect(told.map(({ type, data }) => `${type} ${data.kind}`).sort()).toEqual([
      'incident.opened unanswered-payment',
      'incident.opened untaxed-payment',
    ]);
  });

  it('is told to a customer where it concerns the customer, in words where Slack listens', async () => {
    const { world, harness, receiver } = stage;
    const { ctx } = harness;
    const own = { ...world.target, url: `${receiver.url}/services/T0/B0/secret`, format: 'slack' as const };
    const slack = await createWebhook(ctx, world.customerOwner, { ...own, eventTypes: ['key.revoked'] });
    expect(slack.url).not.toContain('services');
    await stage.revokeAKey();
    await stage.round();
    const texts = receiver.received.map(({ body }) => (JSON.parse(body) as { text?: string }).text ?? null);
    expect(texts.sort()).toEqual([expect.stringMatching(/^key revoked: name short-lived, keyId key_\w+, /), null]);
  });
});

describe('an endpoint', () => {
  it('has two signatures while its secret is rotated, and one a day later', async () => {
    const { harness, world } = stage;
    const { secret } = await rotateWebhookSecret(harness.ctx, world.owner, endpoint());
    await test();
    await stage.round();
    expect([verified(0), verified(0, secret)]).toMatchObject([
      { type: 'webhook_endpoint.tested' },
      { type: 'webhook_endpoint.tested' },
    ]);
    harness.advance(86_400_001);
    await test();
    await stage.round();
    expect(headersOf(1)['webhook-signature']?.split(' ')).toHaveLength(1);
  });

  it('that is gone is disabled, and its owners are told', async () => {
    const { harness, receiver, world } = stage;
    receiver.answer(410);
    await test();
    await stage.round();
    await stage.round();
    const { items } = await listWebhooks(harness.ctx, world.owner, provider());
    expect(items).toMatchObject([{ disabledBy: 'gone' }]);
    expect((await stage.delivery()).state).toBe('dead');
    await expect(test()).rejects.toMatchObject({ problem: { slug: 'conflict' } });
    expect(harness.mails.at(-1)).toMatchObject({ to: 'owner@acme.example', subject: 'acme: a webhook was disabled' });
  });

  it('that nothing reached for five days is disabled; what waits is sent once it is enabled again', async () => {
    const { harness, receiver, world } = stage;
    receiver.answer(500, 500);
    await test();
    await stage.round();
    harness.advance(5 * 86_400_000);
    await stage.round();
    const listed = async () => (await listWebhooks(harness.ctx, world.owner, provider())).items;
    expect(await listed()).toMatchObject([{ disabledBy: 'failing' }]);
    harness.advance(86_400_000);
    await stage.round();
    expect(receiver.received).toHaveLength(2);
    await updateWebhook(harness.ctx, world.owner, { ...endpoint(), disabled: false });
    await stage.round();
    expect([(await stage.delivery()).state, await listed()]).toMatchObject([
      'delivered',
      [{ disabledBy: null, failingSince: null }],
    ]);
  });
});

describe('a delivery that fails', () => {
  it('is tried on the schedule, with the same id and body, until it is dead; a replay sends it again', async () => {
    const { harness, receiver, world } = stage;
    receiver.answer(...WEBHOOK_RETRY_SECONDS.map(() => 500));
    const { id: deliveryId } = await test();
    for (const seconds of WEBHOOK_RETRY_SECONDS) {
      harness.advance(seconds * 1_000 + 50);
      await stage.round();
      await stage.round();
    }
    const tries = WEBHOOK_RETRY_SECONDS.length;
    expect(await stage.delivery()).toMatchObject({ state: 'dead', attempts: tries, nextAttemptAt: null });
    expect(receiver.received).toHaveLength(tries);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    await replayWebhook(harness.ctx, world.owner, { ...provider(), deliveryId });
    await stage.round();
    expect(await stage.delivery()).toMatchObject({
      ...{ state: 'delivered', attempts: tries + 1 },
      history: expect.arrayContaining([expect.objectContaining({ number: 1, status: 500, response: 'answer 500' })]),
    });
  });

  it('follows no redirect, reads 4 KiB of an answer, and says what kept it from one', async () => {
    const { receiver, harness, world } = stage;
    receiver.answer(
      (response) => response.writeHead(302, { location: receiver.url }).end(),
      (response) => response.writeHead(200).end('x'.repeat(100_000)),
      (response) => response.destroy(),
    );
    await test();
    await stage.round();
    expect((await stage.delivery()).history).toMatchObject([{ status: 302 }]);
    await test();
    await stage.round();
    const cut = await stage.delivery();
    expect([cut.state, cut.history[0]?.response?.length]).toEqual(['delivered', 4_096]);
    await test();
    await stage.round();
    expect((await stage.delivery()).history).toMatchObject([{ status: null, error: expect.stringMatching(/failed/) }]);
    const private_ = { ...endpoint(), url: 'http://169.254.169.254/latest' };
    await updateWebhook(harness.ctx, world.owner, private_);
    await test();
    await stage.round();
    expect((await stage.delivery()).history).toMatchObject([{ status: null, error: expect.stringMatching(/refused/) }]);
    expect(receiver.received).toHaveLength(3);
  });

  it('is sent again by another worker where one died before it could write what came back', async () => {
    const { harness, receiver } = stage;
    await test();
    const dying = {
      ...harness.workerCtx,
      egress: { ...harness.workerCtx.egress, fetch: () => new Promise<never>(() => undefined) },
    };
    await stage.round(dying, 100);
    await stage.round();
    expect(receiver.received).toHaveLength(0);
    harness.advance(61_000);
    await stage.round();
    expect([receiver.received.length, (await stage.delivery()).state]).toEqual([1, 'delivered']);
  });
});
