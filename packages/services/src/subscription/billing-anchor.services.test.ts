import { createWorld, openServicesHarness, type ServicesHarness, termsOf, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlan } from '../plan/create.ts';
import { publishPlan } from '../plan/publish.ts';
import { secretHash } from '../secret-hash.ts';
import { endSubscription } from './end.ts';
import { moveSubscription } from './move.ts';
import { subscribe } from './subscribe.ts';

const HOUR_MS = 3_600_000;

let harness: ServicesHarness;
let world: World;
let otherPlanId: string;
beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
  const { providerId } = world;
  const made = await createPlan(harness.ctx, world.owner, { providerId, key: 'more', name: 'More', terms: termsOf() });
  await publishPlan(harness.ctx, world.owner, { providerId, planVersionId: made.versions[0]?.id ?? '' });
  otherPlanId = made.id;
});
afterAll(() => harness.close());

const published = async () => (await harness.gatewayState.directory.findKey(secretHash(world.key)))?.customer;

describe('the billing cycle of a customer', () => {
  it('begins with its first subscription, whatever it ends, begins and moves afterwards', async () => {
    const { ctx } = harness;
    const { customerOwner, target, planId } = world;
    const { startedAt } = await harness.owner.subscription.findFirstOrThrow({ where: { status: 'active', ...target } });
    const billingAnchorAtMs = startedAt.getTime();
    expect(await published()).toMatchObject({ billingAnchorAtMs, planVersionId: world.planVersionId });
    for (const next of [otherPlanId, planId, otherPlanId]) {
      harness.advance(HOUR_MS);
      await endSubscription(ctx, customerOwner, target);
      expect(await published()).toMatchObject({ billingAnchorAtMs, subscriptionId: null, planVersionId: null });
      harness.advance(HOUR_MS);
      const again = await subscribe(ctx, customerOwner, { ...target, planId: next });
      expect(Date.parse(again.startedAt)).toBeGreaterThan(billingAnchorAtMs + HOUR_MS);
      expect(await published()).toMatchObject({ billingAnchorAtMs, subscriptionId: again.id });
      harness.advance(HOUR_MS);
      await moveSubscription(ctx, customerOwner, { ...target, planId: next === planId ? otherPlanId : planId });
      expect(await published()).toMatchObject({ billingAnchorAtMs, subscriptionId: again.id });
    }
    expect(harness.errors).toEqual([]);
  });
});
