import { describe, expect, it } from 'vitest';
import { grantToken, openDouble, refusalOf } from './double-harness.ts';

const { stripe, preview, control, double } = await openDouble();
const charge = (token: string, rest: Record<string, unknown> = {}) =>
  preview.paymentIntents.create({
    ...{ amount: 1000, currency: 'usd', confirm: true },
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    shared_payment_granted_token: token,
    ...rest,
  } as Parameters<typeof preview.paymentIntents.create>[0]);
const shown = async (id: string) =>
  (await preview.rawRequest('GET', `/v1/shared_payment/granted_tokens/${id}`)) as unknown as Record<string, unknown>;
const typesOf = async () => (await stripe.events.list({ limit: 100 })).data.map((event) => event.type);

describe('shared payment tokens', () => {
  it('show the seller their limits', async () => {
    const token = await grantToken(preview);
    expect(token.id).toMatch(/^spt_/);
    expect(await shown(token.id)).toMatchObject({
      object: 'shared_payment.granted_token',
      agent_details: { network_business_profile: 'profile_test_seller' },
      usage_limits: { currency: 'usd', max_amount: 1000 },
      usage_details: { amount_captured: { value: 0, currency: 'usd' } },
      payment_method_details: { type: 'card', card: { last4: '4242' } },
      deactivated_at: null,
    });
  });

  it('pay once, with a copy of the method, and are spent', async () => {
    const { id } = await grantToken(preview);
    const intent = await charge(id, { metadata: { mpp_challenge_id: 'c1' } });
    expect(intent).toMatchObject({ status: 'succeeded', metadata: { mpp_challenge_id: 'c1' } });
    expect(intent.payment_method).toMatch(/^pm_/);
    expect(await shown(id)).toMatchObject({
      deactivated_reason: 'consumed',
      usage_details: { amount_captured: { value: 1000 } },
    });
    expect((await refusalOf(charge(id))).message).toContain('has been deactivated (consumed)');
    expect((await typesOf()).slice(0, 3)).toEqual([
      'shared_payment.granted_token.deactivated',
      'shared_payment.granted_token.used',
      'payment_intent.succeeded',
    ]);
  });

  it('pay by payment_method_data as well', async () => {
    const { id } = await grantToken(preview);
    const data = { payment_method_data: { shared_payment_granted_token: id }, shared_payment_granted_token: undefined };
    expect(await charge(id, data)).toMatchObject({ status: 'succeeded' });
  });

  it('are refused above their amount and in another currency, and stay good', async () => {
    const { id } = await grantToken(preview, { maxAmount: 999 });
    expect(await refusalOf(charge(id))).toMatchObject({
      ...{ statusCode: 400, type: 'StripeInvalidRequestError', param: 'shared_payment_granted_token' },
      message: expect.stringContaining('allows $9.99 usd, not $10.00 usd'),
    });
    expect((await refusalOf(charge(id, { amount: 999, currency: 'eur' }))).message).toContain(
      'is for usd, not for eur',
    );
    expect(await charge(id, { amount: 999 })).toMatchObject({ status: 'succeeded' });
  });

  it('are refused after they have expired', async () => {
    const { id } = await grantToken(preview, { expiresAt: Math.floor(Date.now() / 1000) + 60 });
    double.advance(61_000);
    expect((await refusalOf(charge(id))).message).toContain('deactivated (expired)');
    expect((await typesOf())[0]).toBe('shared_payment.granted_token.deactivated');
    expect(await refusalOf(grantToken(preview, { expiresAt: 1 }))).toMatchObject({ param: 'usage_limits[expires_at]' });
  });

  it('are refused after they were revoked, and revoked once only', async () => {
    const { id } = await grantToken(preview);
    const revoke = () => preview.rawRequest('POST', `/v1/test_helpers/shared_payment/granted_tokens/${id}/revoke`);
    expect(await revoke()).toMatchObject({ deactivated_reason: 'revoked' });
    expect((await refusalOf(charge(id))).message).toContain('deactivated (revoked)');
    expect(await refusalOf(revoke())).toMatchObject({ statusCode: 400 });
    expect(await refusalOf(charge('spt_nobody'))).toMatchObject({ code: 'resource_missing' });
  });

  it('are not used by two payments at once, and are free again when the first one fails', async () => {
    const { id } = await grantToken(preview, { method: 'pm_usBankAccount_processing' });
    const first = await charge(id);
    expect(first.status).toBe('processing');
    expect((await refusalOf(charge(id))).message).toContain(`is in use by ${first.id}`);
    await control('POST', `/payment_intents/${first.id}/settle`, { outcome: 'failed' });
    expect(await shown(id)).toMatchObject({ deactivated_reason: null });
    const second = await charge(id);
    await control('POST', `/payment_intents/${second.id}/settle`, { outcome: 'succeeded' });
    expect(await shown(id)).toMatchObject({ deactivated_reason: 'consumed' });
  });

  it('pay one of ten payments that are made at once', async () => {
    const { id } = await grantToken(preview);
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => charge(id)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('are held by a payment that waits to be captured, and free when it is let go', async () => {
    const { id } = await grantToken(preview);
    const held = await charge(id, { capture_method: 'manual' });
    expect((await refusalOf(charge(id))).message).toContain(`is in use by ${held.id}`);
    await stripe.paymentIntents.cancel(held.id);
    const again = await charge(id, { capture_method: 'manual' });
    await stripe.paymentIntents.capture(again.id, { amount_to_capture: 300 });
    expect(await shown(id)).toMatchObject({
      ...{ deactivated_reason: 'consumed', usage_details: { amount_captured: { value: 300 } } },
    });
  });

  it('carry declines and authentication of the method behind them', async () => {
    const declined = await grantToken(preview, { method: 'pm_card_chargeDeclined' });
    expect(await refusalOf(charge(declined.id))).toMatchObject({ statusCode: 402, code: 'card_declined' });
    const asking = await grantToken(preview, { method: 'pm_card_authenticationRequired' });
    expect(await charge(asking.id)).toMatchObject({
      status: 'requires_action',
      next_action: { type: 'use_stripe_sdk' },
    });
  });

  it('are unknown to versions that are no preview', async () => {
    const { id } = await grantToken(preview);
    const params = { amount: 1000, currency: 'usd', confirm: true, shared_payment_granted_token: id };
    expect(await refusalOf(stripe.paymentIntents.create(params))).toMatchObject({
      ...{ code: 'parameter_unknown', param: 'shared_payment_granted_token' },
    });
  });
});
