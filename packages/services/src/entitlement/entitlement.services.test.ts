import { createWorld, openServicesHarness, type ServicesHarness, termsOf, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFeature } from '../feature/create.ts';
import { newPlanVersion } from '../plan/new-version.ts';
import { publishPlan } from '../plan/publish.ts';
import { updateDraft } from '../plan/update-draft.ts';
import { endSubscription } from '../subscription/end.ts';
import { moveSubscription } from '../subscription/move.ts';
import { getEntitlement } from './get.ts';
import { listEntitlements } from './list.ts';

let harness: ServicesHarness;
let world: World;

beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
});
afterAll(() => harness?.close());

const entitlement = (featureKey: string) =>
  getEntitlement(harness.ctx, world.customerOwner, { ...world.target, featureKey });

/** Holds so many of the customer's tokens, as a running call does. */
async function hold(number: number, amount: bigint): Promise<void> {
  const { customerId } = world;
  const spoolId = `spl_${customerId}`;
  await harness.gatewayState.spools.register({ spoolId, bootId: 'b', host: 'h', url: 'http://gateway.test' });
  const seat = { tag: `c:${customerId}`, epoch: 1, spoolId, incarnation: 1, number };
  const node = { node: `quota:${customerId}:tokens`, kind: 'quota' as const, period: 'month' as const, limit: 1_000n };
  const item = { callId: `call_${number}`, versions: {}, windows: [], nodes: [{ ...node, amount }], deadlineAtMs: 0 };
  const reply = await harness.gatewayState.counters.batch(seat, [{ kind: 'reserve', ...item, reason: 'r' }]);
  expect(reply).toMatchObject({ kind: 'done', replies: [{ kind: 'granted' }] });
}

describe('an entitlement', () => {
  it('to what the plan has a quota of says how much is left, of the counters that the gateway asks', async () => {
    await hold(1, 400n);
    expect(await entitlement('tokens')).toEqual({
      ...{ featureKey: 'tokens', kind: 'metered', hasAccess: true, reason: 'granted' },
      quotas: [
        {
          ...{ featureKey: 'tokens', name: 'Tokens', period: 'month', limit: '1000', used: '0', held: '400' },
          ...{ remaining: '600', endsAt: expect.stringMatching(/-01T00:00:00.000Z$/) },
        },
      ],
    });
    await hold(2, 600n);
    const full = { hasAccess: false, reason: 'used-up', quotas: [{ remaining: '0' }] };
    expect(await entitlement('tokens')).toMatchObject(full);
  });

  it('to what the plan does not have is none', async () => {
    const none = { kind: 'boolean', hasAccess: false, reason: 'not-in-plan', quotas: [] };
    expect(await entitlement('vision')).toMatchObject(none);
  });

  it('to what the plan only switches on is boolean, and all of them are listed', async () => {
    const vision = { key: 'vision', name: 'Vision', meterSlugs: ['input_tokens'] };
    await createFeature(harness.ctx, world.owner, { providerId: world.providerId, ...vision });
    const { owner, target } = world;
    const { providerId } = target;
    const policies = [{ type: 'monetization', options: { grants: ['vision'] }, shadow: false }];
    const draft = await newPlanVersion(harness.ctx, owner, { providerId, planId: world.planId });
    const planVersionId = draft.id;
    await updateDraft(harness.ctx, owner, { providerId, planVersionId, terms: { ...termsOf(), policies } });
    await publishPlan(harness.ctx, owner, { providerId, planVersionId });
    await moveSubscription(harness.ctx, owner, { ...target, planVersionId });
    expect(await entitlement('vision')).toMatchObject({
      kind: 'boolean',
      hasAccess: true,
      reason: 'granted',
      quotas: [],
    });
    const { items } = await listEntitlements(harness.ctx, owner, target);
    expect(items.map(({ featureKey, kind }) => [featureKey, kind])).toEqual([
      ['tokens', 'metered'],
      ['vision', 'boolean'],
    ]);
  });

  it('ends with the subscription', async () => {
    await endSubscription(harness.ctx, world.owner, world.target);
    expect(await entitlement('tokens')).toMatchObject({ hasAccess: false, reason: 'no-plan' });
    expect(await listEntitlements(harness.ctx, world.owner, world.target)).toEqual({ items: [] });
  });
});
