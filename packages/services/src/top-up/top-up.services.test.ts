import { StripeClients } from '@tollwright/stripe';
import {
  createPrepaidWorld,
  createWorld,
  openServicesHarness,
  type PrepaidWorld,
  type ServicesHarness,
  type StripeDouble,
  startStripeDouble,
  type World,
} from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit } from '../audit/list.ts';
import { beginCard } from './begin-card.ts';
import { getTopUps } from './get.ts';
import { pauseTopUp } from './pause.ts';
import { removeCard } from './remove-card.ts';
import { saveCard } from './save-card.ts';
import { setTopUp } from './set-rule.ts';

const SECRET_KEY = 'sk_live_double_of_cards';
const USD = 1_000_000_000n;

let double: StripeDouble;
let stripe: StripeClients;
let harness: ServicesHarness;
let acme: PrepaidWorld;
let other: World;

beforeAll(async () => {
  double = await startStripeDouble({ port: 0 });
  stripe = new StripeClients({ url: double.url });
  harness = await openServicesHarness({ stripe });
  acme = await createPrepaidWorld(harness, {
    ...{ upstreamUrl: 'https://upstream.example', upstreamToken: 'token', networks: [], stripeSecretKey: SECRET_KEY },
    payTo: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  });
  other = await createWorld(harness, 'other');
});
afterAll(async () => {
  await harness.close();
  await double.close();
});

const amounts = { belowNanoUsd: `${2n * USD}`, monthlyCapNanoUsd: `${20n * USD}` };
const set = (change: object = { amountNanoUsd: `${5n * USD}` }) =>
  setTopUp(harness.ctx, acme.customerOwner, { ...acme.target, ...amounts, ...change });
const topUps = () => getTopUps(harness.ctx, acme.customerViewer, acme.target);
const actions = async () =>
  (await listAudit(harness.ctx, acme.customerOwner, acme.target)).items.map(({ action }) => action);
const refused = (slug: string) => ({ problem: { slug } });

async function pageOf(method: string | null): Promise<string> {
  const { url } = await beginCard(harness.ctx, acme.customerOwner, acme.target);
  if (method !== null) {
    await fetch(url, { method: 'POST', body: new URLSearchParams({ method }), redirect: 'manual' });
  }
  return new URL(url).pathname.split('/').at(-1) ?? '';
}
const save = (session: string) => saveCard(harness.ctx, acme.customerOwner, { ...acme.target, session });

describe('a saved card', () => {
  it('is known by its face alone, and another one takes its place, here and at Stripe', async () => {
    const session = await pageOf('pm_card_visa');
    expect(await save(session)).toMatchObject({ brand: 'visa', last4: '4242' });
    expect(await save(session)).toMatchObject({ last4: '4242' });
    expect(await save(await pageOf('pm_card_mastercard'))).toMatchObject({ brand: 'mastercard' });
    expect((await topUps()).card).toMatchObject({ brand: 'mastercard' });
    const [customer, ...more] = (await stripe.of(SECRET_KEY).customers.list()).data;
    const methods = await stripe.of(SECRET_KEY).paymentMethods.list({ customer: customer?.id ?? '', type: 'card' });
    expect([more, methods.data.map(({ card }) => card?.brand)]).toEqual([[], ['mastercard']]);
    expect(JSON.stringify(await topUps())).not.toMatch(/pm_|cus_[A-Z]/);
  });

  it('is not there before its page was finished, nor for a session of nobody here', async () => {
    await expect(save(await pageOf(null))).rejects.toMatchObject(refused('conflict'));
    await expect(save('cs_test_of_somebody')).rejects.toMatchObject(refused('not-found'));
    const { customerOwner, target } = other;
    const session = await pageOf('pm_card_visa');
    await expect(saveCard(harness.ctx, customerOwner, { ...target, session })).rejects.toMatchObject(
      refused('not-found'),
    );
  });

  it('is forgotten at Stripe when it is removed', async () => {
    await save(await pageOf('pm_card_visa'));
    const unfinished = await pageOf('pm_card_visa');
    await removeCard(harness.ctx, acme.customerOwner, acme.target);
    await expect(save(unfinished)).rejects.toMatchObject(refused('conflict'));
    expect((await topUps()).card).toBeNull();
    const [customer] = (await stripe.of(SECRET_KEY).customers.list()).data;
    const methods = await stripe.of(SECRET_KEY).paymentMethods.list({ customer: customer?.id ?? '' });
    expect(methods.data).toEqual([]);
    expect(await actions()).toEqual(
      expect.arrayContaining(['top-up.begin-card', 'top-up.save-card', 'top-up.remove-card']),
    );
  });

  it('is not taken where the provider has no account at Stripe', async () => {
    const test = { ...acme.target, livemode: false };
    expect((await getTopUps(harness.ctx, acme.customerOwner, test)).takesCards).toBe(false);
    await expect(beginCard(harness.ctx, acme.customerOwner, test)).rejects.toMatchObject(refused('conflict'));
  });
});

describe('a rule', () => {
  it('buys an amount or a pack, one for each balance', async () => {
    await set();
    expect(await set({ pack: 'starter' })).toMatchObject({ pack: 'starter', creditNanoUsd: `${6n * USD}` });
    await set({ amountNanoUsd: `${USD}`, agentId: acme.agentId });
    expect((await topUps()).rules.map(({ agentId, priceNanoUsd }) => [agentId, priceNanoUsd])).toEqual([
      [null, `${5n * USD}`],
      [acme.agentId, `${USD}`],
    ]);
    expect(await actions()).toContain('top-up.set');
  });

  it.each([
    ['less than a card is charged', { amountNanoUsd: `${USD / 10n}` }, 'invalid-input'],
    ['a part of a cent', { amountNanoUsd: `${USD + 1n}` }, 'invalid-input'],
    ['an amount and a pack', { amountNanoUsd: `${USD}`, pack: 'starter' }, 'invalid-input'],
    ['a pack that is not sold', { pack: 'none' }, 'invalid-input'],
    ['below nothing', { amountNanoUsd: `${USD}`, belowNanoUsd: '0' }, 'invalid-input'],
    ['more than its cap', { amountNanoUsd: `${21n * USD}` }, 'invalid-input'],
  ])('of %s is refused', async (_what, change, slug) => {
    await expect(set(change)).rejects.toMatchObject(refused(slug));
  });

  it("is the customer's own: its provider reads and stops it, and neither sets nor resumes it", async () => {
    const { providerId, target, owner, customerOwner } = acme;
    const { id: ruleId } = await set();
    await expect(
      setTopUp(harness.ctx, owner, { ...target, ...amounts, amountNanoUsd: `${5n * USD}` }),
    ).rejects.toMatchObject(refused('forbidden'));
    await expect(beginCard(harness.ctx, owner, target)).rejects.toMatchObject(refused('forbidden'));
    const pause = (actor: typeof owner, paused: boolean) =>
      pauseTopUp(harness.ctx, actor, { ...target, ruleId, paused });
    expect(await pause(owner, true)).toMatchObject({ pausedBy: 'provider' });
    await expect(pause(owner, false)).rejects.toMatchObject(refused('forbidden'));
    expect(await pause(customerOwner, false)).toMatchObject({ pausedBy: null });
    expect(await pause(customerOwner, true)).toMatchObject({ pausedBy: 'owner' });
    expect((await getTopUps(harness.ctx, owner, { ...target, providerId })).rules).toHaveLength(2);
    expect(await actions()).toEqual(expect.arrayContaining(['top-up.pause', 'top-up.resume']));
  });
});
