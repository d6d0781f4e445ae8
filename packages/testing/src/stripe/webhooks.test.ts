import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { openDouble, openReceiver, type ReceivedWebhook, refusalOf } from './double-harness.ts';

const secret = 'whsec_of_the_test';
const receiver = await openReceiver();
const { stripe, double, control } = await openDouble({ webhookUrl: receiver.url, webhookSecret: secret });
const customer = (name: string) => stripe.customers.create({ name });
const verified = ({ body, signature }: ReceivedWebhook, by = secret) =>
  stripe.webhooks.constructEvent(body, signature, by);

/** The names of the customers in the webhooks that came since, in order. */
async function namesAfter(act: () => Promise<unknown>): Promise<(string | null | undefined)[]> {
  receiver.received.length = 0;
  await act();
  await double.webhooks.idle();
  return receiver.received.map((one) => (verified(one).data.object as Stripe.Customer).name);
}

describe('webhooks', () => {
  it('are signed as the SDK verifies it, and name the request they come from', async () => {
    receiver.received.length = 0;
    const made = await stripe.customers.create({ name: 'first' }, { idempotencyKey: 'webhook-1' });
    await double.webhooks.idle();
    const [webhook] = receiver.received;
    if (webhook === undefined) throw new Error('no webhook came');
    const event = verified(webhook);
    expect(event).toMatchObject({
      ...{ object: 'event', type: 'customer.created', data: { object: { id: made.id, name: 'first' } } },
      request: { id: made.lastResponse.requestId, idempotency_key: 'webhook-1' },
    });
    expect(await stripe.events.retrieve(event.id)).toMatchObject({ type: 'customer.created', pending_webhooks: 0 });
    expect(() => verified(webhook, 'whsec_other')).toThrow('No signatures found matching');
    expect(() => verified({ ...webhook, body: webhook.body.replace('first', 'other') })).toThrow();
  });

  it('show objects as they were then', async () => {
    const { id } = await customer('before');
    await double.webhooks.idle();
    expect(
      await namesAfter(async () => {
        await stripe.customers.update(id, { name: 'after' });
        await stripe.customers.update(id, { name: 'last' });
      }),
    ).toEqual(['after', 'last']);
    expect(verified(receiver.received[0] as ReceivedWebhook).data.previous_attributes).toEqual({ name: 'before' });
  });

  it('come again until they are answered 2xx, by the clock of the double', async () => {
    receiver.answers.push(500, 302);
    expect(await namesAfter(() => customer('again'))).toEqual(['again']);
    for (const ms of [1_000, 5_000, 30_000, 300_000]) {
      double.advance(ms);
      await double.webhooks.idle();
    }
    expect(receiver.received).toHaveLength(3);
    const tries = double.webhooks.attempts.slice(-3).map(({ attempt, status }) => [attempt, status]);
    expect(tries).toEqual([
      [1, 500],
      [2, 302],
      [3, 200],
    ]);
    expect(() => receiver.received.map((one) => verified(one))).not.toThrow();
  });

  it('come late', async () => {
    await control('POST', '/webhooks', { mode: 'late', delayMs: 60_000, count: 1 });
    expect(await namesAfter(() => customer('late'))).toEqual([]);
    expect(await namesAfter(() => customer('early'))).toEqual(['early']);
    double.advance(60_000);
    await double.webhooks.idle();
    expect(receiver.received).toHaveLength(2);
  });

  it('come twice with one id', async () => {
    await control('POST', '/webhooks', { mode: 'twice', type: 'customer.*' });
    expect(await namesAfter(() => customer('twin'))).toEqual(['twin', 'twin']);
    expect(new Set(receiver.received.map((one) => verified(one).id)).size).toBe(1);
    expect(await namesAfter(() => customer('single'))).toEqual(['single']);
  });

  it('come out of order', async () => {
    await control('POST', '/webhooks', { mode: 'reverse', count: 3 });
    const made = async () => {
      for (const name of ['1', '2', '3', '4']) await customer(name);
    };
    expect(await namesAfter(made)).toEqual(['3', '2', '1', '4']);
  });

  it('are held and released in either order', async () => {
    await control('POST', '/webhooks', { mode: 'hold', count: 2 });
    const made = async () => {
      for (const name of ['a', 'b', 'c']) await customer(name);
    };
    expect(await namesAfter(made)).toEqual(['c']);
    const { released } = await control('POST', '/webhooks/release', { order: 'reverse' });
    await double.webhooks.idle();
    expect(receiver.received.map((one) => (verified(one).data.object as Stripe.Customer).name)).toEqual([
      'c',
      'b',
      'a',
    ]);
    expect(released).toHaveLength(2);
  });

  it('never come, though the event is listed, and can be sent later', async () => {
    await control('POST', '/webhooks', { mode: 'never' });
    expect(await namesAfter(() => customer('lost'))).toEqual([]);
    const [event] = (await stripe.events.list({ type: 'customer.created', limit: 1 })).data;
    expect(event?.data.object).toMatchObject({ name: 'lost' });
    expect(await namesAfter(() => control('POST', `/events/${event?.id}/send`))).toEqual(['lost']);
  });

  it('go to endpoints of the API with their own secrets and events', async () => {
    const other = await openReceiver();
    const endpoint = await stripe.webhookEndpoints.create({ url: other.url, enabled_events: ['refund.created'] });
    expect(endpoint.secret).toMatch(/^whsec_/);
    expect((await stripe.webhookEndpoints.retrieve(endpoint.id)).secret).toBeUndefined();
    const intent = await stripe.paymentIntents.create({
      ...{ amount: 500, currency: 'usd', confirm: true, payment_method: 'pm_card_visa' },
      allowed_payment_method_types: ['card'],
    });
    await stripe.refunds.create({ payment_intent: intent.id });
    await double.webhooks.idle();
    expect(other.received.map((one) => verified(one, endpoint.secret).type)).toEqual(['refund.created']);
    await stripe.webhookEndpoints.update(endpoint.id, { disabled: true });
    await stripe.refunds.create({ payment_intent: intent.id }).catch(() => undefined);
    expect((await stripe.webhookEndpoints.list()).data.map(({ id }) => id)).toContain(endpoint.id);
    expect(await stripe.webhookEndpoints.del(endpoint.id)).toMatchObject({ id: endpoint.id, deleted: true });
    expect(await refusalOf(stripe.webhookEndpoints.retrieve(endpoint.id))).toMatchObject({ statusCode: 404 });
    const wrong = stripe.webhookEndpoints.create({ url: 'nowhere', enabled_events: ['*'] });
    expect(await refusalOf(wrong)).toMatchObject({ param: 'url', code: 'url_invalid' });
  });
});
