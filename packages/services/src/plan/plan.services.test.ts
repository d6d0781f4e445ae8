import { createWorld, openServicesHarness, type ServicesHarness, termsOf, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUpCustomer } from '../customer/sign-up.ts';
import { createMeter } from '../meter/create.ts';
import { getStorefront } from '../provider/storefront.ts';
import { updateRoute } from '../route/update.ts';
import { subscribe } from '../subscription/subscribe.ts';
import { customerHome } from '../usage/customer-home.ts';
import { createPlan } from './create.ts';
import { listVisiblePlans } from './list-visible.ts';
import { newPlanVersion } from './new-version.ts';
import { publishPlan } from './publish.ts';
import { updateDraft } from './update-draft.ts';

let harness: ServicesHarness;
let world: World;
beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
});
afterAll(() => harness.close());

const byModel = {
  ...{ kind: 'per-model-token' as const, meter: 'input_tokens' },
  ...{ usdPerMillionByModel: {}, defaultUsdPerMillion: '1' },
};
const packages = { kind: 'package' as const, meter: 'input_tokens', units: '100', usdPerPackage: '1' };
const tiersTo = (...ends: readonly (string | null)[]) => ({
  ...{ kind: 'graduated' as const, meter: 'input_tokens' },
  tiers: ends.map((upTo) => ({ upTo, usdPerUnit: '0.01', flatUsd: '1' })),
});
const volumeOf = (...usd: readonly string[]) => ({
  ...{ kind: 'volume' as const, meter: 'input_tokens' },
  tiers: usd.map((usdPerUnit, index) => {
    return { upTo: index === usd.length - 1 ? null : `${10 * (index + 1)}`, usdPerUnit, flatUsd: '0' };
  }),
});
const published = { problem: { slug: 'version-published' } };

async function privatePlan() {
  const { providerId, customerId } = world;
  const input = { providerId, key: 'enterprise', name: 'Enterprise', customerId, terms: termsOf('0') };
  const plan = await createPlan(harness.ctx, world.owner, input);
  await publishPlan(harness.ctx, world.owner, { providerId, planVersionId: plan.versions[0]?.id ?? '' });
  return plan;
}

describe('a plan', () => {
  it('names only features and meters that exist', async () => {
    const { providerId } = world;
    const withoutFeature = { ...termsOf(), quotas: [{ featureKey: 'seats', limit: '1', period: 'month' as const }] };
    const withoutMeter = {
      ...termsOf(),
      rateCards: [{ key: 'k', name: 'K', price: { kind: 'per-unit' as const, meter: 'pages', usdPerUnit: '1' } }],
    };
    for (const terms of [withoutFeature, withoutMeter]) {
      const attempt = createPlan(harness.ctx, world.owner, { providerId, key: 'x', name: 'X', terms });
      await expect(attempt).rejects.toMatchObject({ problem: { slug: 'invalid-input' } });
    }
  });

  it.each([
    ['units are included in a price by units', { includedUnits: '5', price: byModel }],
    ['a package has at least one unit', { price: { ...packages, units: '0' } }],
    ['the last has no end', { price: tiersTo('10', '20') }],
    ['end after the one before', { price: tiersTo('20', '20', null) }],
    ['end after the one before', { price: tiersTo(null, null) }],
    ['no tier of a volume price is dearer', { price: volumeOf('0.01', '0.0100001') }],
    ['above zero', { price: volumeOf('0.01', '0.01'), amountOffNanoUsd: '0' }],
    [
      'not off a fee',
      {
        price: { kind: 'flat' as const, amountNanoUsd: '1', paymentTerm: 'in-advance' as const },
        amountOffNanoUsd: '1',
      },
    ],
  ])('says why a price is none: %s', async (why, card) => {
    const { providerId } = world;
    const terms = { ...termsOf(), rateCards: [{ key: 'calls', name: 'Calls', ...card }] };
    const attempt = createPlan(harness.ctx, world.owner, { providerId, key: 'x', name: 'X', terms });
    await expect(attempt).rejects.toMatchObject({ problem: { slug: 'invalid-input' } });
    await expect(attempt).rejects.toThrow(why);
  });

  it('gives nothing back under a prepaid plan, and has no minimum of nothing', async () => {
    const { providerId } = world;
    const create = (more: object, card: object) => {
      const terms = { ...termsOf(), ...more, rateCards: [{ key: 'calls', name: 'Calls', price: packages, ...card }] };
      return createPlan(harness.ctx, world.owner, { providerId, key: 'x', name: 'X', terms });
    };
    const prepaid = { prepaid: { packs: [] } };
    await expect(create(prepaid, { price: volumeOf('0.02', '0.01') })).rejects.toThrow(/prepaid plan has none/);
    await expect(create(prepaid, { amountOffNanoUsd: '5' })).rejects.toThrow(/prepaid plan has none/);
    await expect(create({ minimumNanoUsd: '0' }, {})).rejects.toThrow(/above zero/);
  });

  it('keeps tiers, packages, included units and percentages as they were written', async () => {
    const { providerId } = world;
    const rateCards = [
      { key: 'tiers', name: 'Tiers', price: tiersTo('10', '20', null) },
      { key: 'packages', name: 'Packages', includedUnits: '5', percentOff: 10, price: packages },
      { key: 'volume', name: 'Volume', amountOffNanoUsd: '5', price: volumeOf('0.02', '0.01') },
    ];
    const terms = { ...termsOf(), rateCards, minimumNanoUsd: '7' };
    const { versions } = await createPlan(harness.ctx, world.owner, { providerId, key: 'tiered', name: 'T', terms });
    expect(versions[0]?.terms.rateCards).toEqual(rateCards);
    expect(versions[0]?.terms.minimumNanoUsd).toBe('7');
  });

  it('has one draft at a time, which becomes unchangeable by publishing', async () => {
    const { providerId, planId } = world;
    const draft = await newPlanVersion(harness.ctx, world.owner, { providerId, planId });
    const second = newPlanVersion(harness.ctx, world.owner, { providerId, planId });
    await expect(second).rejects.toMatchObject({ problem: { slug: 'conflict' } });
    const planVersionId = draft.id;
    await updateDraft(harness.ctx, world.owner, { providerId, planVersionId, terms: termsOf('1') });
    await publishPlan(harness.ctx, world.owner, { providerId, planVersionId });
    const late = updateDraft(harness.ctx, world.owner, { providerId, planVersionId, terms: termsOf('2') });
    await expect(late).rejects.toMatchObject(published);
    await expect(publishPlan(harness.ctx, world.owner, { providerId, planVersionId })).rejects.toMatchObject(published);
  });

  it('that is private is seen and taken by its customer alone', async () => {
    const plan = await privatePlan();
    const { providerId, slug } = world;
    const mine = await listVisiblePlans(harness.ctx, world.customerOwner, world.target);
    expect(mine.items.map((item) => item.key)).toEqual(['pro', 'enterprise']);
    const other = await harness.person('other@acme.example');
    const sibling = await signUpCustomer(harness.ctx, other, { providerSlug: slug, name: 'Other' });
    const target = { providerId, customerId: sibling.id };
    expect((await listVisiblePlans(harness.ctx, other, target)).items.map((item) => item.key)).toEqual(['pro']);
    const attempt = subscribe(harness.ctx, other, { ...target, planId: plan.id });
    await expect(attempt).rejects.toMatchObject({ problem: { slug: 'not-found' } });
    const shown = await getStorefront(harness.ctx, { slug });
    expect(shown.plans.map((item) => item.key)).toEqual(['pro']);
    expect(JSON.stringify(shown)).not.toContain('sk-upstream');
  });
});

describe('the storefront', () => {
  it('says which meters measure a route: without an extractor, none that sums', async () => {
    const { providerId, slug, routeId, extractorId } = world;
    const metersOf = async () => {
      const { apis } = await getStorefront(harness.ctx, { slug });
      return apis.flatMap(({ routes }) => routes).find(({ id }) => id === routeId)?.meters;
    };
    await updateRoute(harness.ctx, world.owner, { providerId, routeId, extractorId });
    expect(await metersOf()).toEqual(['input_tokens', 'output_tokens']);
    await updateRoute(harness.ctx, world.owner, { providerId, routeId, extractorId: null });
    const counts = { slug: 'requests', name: 'Requests', eventType: 'request', aggregation: 'COUNT' as const };
    await createMeter(harness.ctx, world.owner, { providerId, ...counts, valueProperty: null, groupBy: {} });
    expect(await metersOf()).toEqual(['requests']);
  });
});

describe('a subscription', () => {
  it('is one at a time', async () => {
    const attempt = subscribe(harness.ctx, world.customerOwner, { ...world.target, planId: world.planId });
    await expect(attempt).rejects.toMatchObject({ problem: { slug: 'conflict' } });
  });

  it('is of a version that only the provider chooses', async () => {
    const { planVersionId } = world;
    const attempt = subscribe(harness.ctx, world.customerOwner, { ...world.target, planVersionId });
    await expect(attempt).rejects.toMatchObject({ problem: { slug: 'forbidden' } });
  });

  it('shows its quotas and what is owed for it to the customer', async () => {
    const { providerId, customerId, target } = world;
    const spoolId = `spl_${customerId}`;
    const node = {
      node: `quota:${customerId}:tokens`,
      kind: 'quota' as const,
      period: 'month' as const,
      limit: 1_000n,
    };
    await harness.gatewayState.spools.register({ spoolId, bootId: 'b', host: 'h', url: 'http://gateway.test' });
    const ask = {
      callId: 'call_1',
      versions: {},
      windows: [],
      nodes: [{ ...node, amount: 40n }],
      deadlineAtMs: 0,
      reason: 'r',
    };
    const seat = { tag: `c:${customerId}`, epoch: 1, spoolId, incarnation: 1, number: 1 };
    const reply = await harness.gatewayState.counters.batch(seat, [{ kind: 'reserve', ...ask }]);
    expect(reply).toMatchObject({ kind: 'done', replies: [{ kind: 'granted' }] });
    const home = await customerHome(harness.ctx, world.customerOwner, target);
    expect(home.quotas).toEqual([
      {
        ...{ featureKey: 'tokens', name: 'Tokens', period: 'month', limit: '1000', used: '0', held: '40' },
        endsAt: expect.stringMatching(/-01T00:00:00.000Z$/),
      },
    ]);
    const fees = await harness.owner.$queryRaw<{ total: bigint }[]>`SELECT sum(p.amount_nano_usd)::bigint AS total
      FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
      WHERE a.provider_id = ${providerId} AND a.customer_id = ${customerId} AND a.kind = 'receivable'`;
    expect(home.owedNanoUsd).toBe(fees[0]?.total.toString());
    expect(home.owedNanoUsd).not.toBe('0');
  });
});
