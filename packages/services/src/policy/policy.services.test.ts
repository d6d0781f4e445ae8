import { apiSnapshot, type PolicyConfig } from '@tollwright/contracts';
import { POLICY_TYPES } from '@tollwright/policies';
import { createWorld, openServicesHarness, type ServicesHarness, termsOf, type World } from '@tollwright/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reImportApi } from '../api/re-import.ts';
import { createKey } from '../key/create.ts';
import { listVisiblePlans } from '../plan/list-visible.ts';
import { newPlanVersion } from '../plan/new-version.ts';
import { publishPlan } from '../plan/publish.ts';
import { updateDraft } from '../plan/update-draft.ts';
import { getStorefront } from '../provider/storefront.ts';
import { listRoutes } from '../route/list.ts';
import { secretHash } from '../secret-hash.ts';
import { getApiPolicies } from './get-for-api.ts';
import { getRoutePolicies } from './get-for-route.ts';
import { setApiPolicies } from './set-for-api.ts';
import { setRoutePolicies } from './set-for-route.ts';
import { listPolicyTypes } from './types.ts';

let harness: ServicesHarness;
let world: World;
let routeId: string;
beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
  const { items } = await listRoutes(harness.ctx, world.owner, { providerId: world.providerId, apiId: world.apiId });
  routeId = items.find(({ operationId }) => operationId === 'chat')?.id ?? '';
});
afterAll(() => harness.close());
beforeEach(async () => {
  await setForApi([]);
  await setForRoute([]);
});

const policy = (type: string, options: PolicyConfig['options'] = {}, shadow = false): PolicyConfig => {
  return { type, options, shadow };
};
const limit = policy('rate-limit', { limit: 5 });
const validation = policy('request-validation');

function setForApi(policies: PolicyConfig[]) {
  const { providerId, apiId } = world;
  return setApiPolicies(harness.ctx, world.owner, { providerId, apiId, policies });
}

function setForRoute(policies: PolicyConfig[]) {
  const { providerId, apiId } = world;
  return setRoutePolicies(harness.ctx, world.owner, { providerId, apiId, routeId, policies });
}

async function published() {
  const found = await harness.gatewayState.directory.getSnapshot(world.apiId);
  return apiSnapshot.parse(JSON.parse(found?.json ?? 'null'));
}

/** The errors that a refusal lists, by path. */
async function errorsOf(attempt: Promise<unknown>): Promise<Record<string, string>> {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const { problem } = error as { problem: { slug: string; members: { errors: { path: string; message: string }[] } } };
  expect(problem.slug).toBe('invalid-input');
  return Object.fromEntries(problem.members.errors.map(({ path, message }) => [path, message]));
}

function withSchema(schema: object) {
  const requestBody = { content: { 'application/json': { schema } } };
  const chat = { operationId: 'chat', requestBody, responses: { 200: { description: 'ok' } } };
  const document = { openapi: '3.1.0', info: { title: 'Sample', version: '2' }, paths: { '/chat': { post: chat } } };
  const { providerId, apiId } = world;
  const source = { kind: 'text' as const, text: JSON.stringify(document) };
  return reImportApi(harness.ctx, world.owner, { providerId, apiId, source });
}

describe('policy types', () => {
  it('are all described, with what each option is when it is left out', async () => {
    const { items } = await listPolicyTypes(harness.ctx, world.viewer, { providerId: world.providerId });
    expect(items.map(({ type }) => type)).toEqual(POLICY_TYPES.map(({ type }) => type));
    const described = items.find(({ type }) => type === 'rate-limit');
    expect(described).toMatchObject({
      levels: ['api', 'route', 'plan'],
      mayShadow: true,
      optionsSchema: { required: ['limit'], properties: { limit: { type: 'integer', minimum: 1 } } },
      defaults: { name: 'default', windowSeconds: 60, by: 'customer', limitsByPlan: {} },
    });
    expect(described?.defaults).not.toHaveProperty('limit');
  });
});

describe('policies of an API and a route', () => {
  it('are kept with their defaults, audited, and in the next snapshot', async () => {
    const before = await published();
    const { policies } = await setForApi([limit, policy('scopes', { scopes: ['chat:write'] }, true)]);
    expect(policies[0]?.options).toMatchObject({ limit: 5, windowSeconds: 60, algorithm: 'fixed-window' });
    await setForRoute([policy('request-size', { bytesMax: 10 })]);
    const { providerId, apiId } = world;
    expect(await getApiPolicies(harness.ctx, world.viewer, { providerId, apiId })).toEqual({ policies });
    const ofRoute = await getRoutePolicies(harness.ctx, world.viewer, { providerId, apiId, routeId });
    expect(ofRoute.policies).toEqual([policy('request-size', { bytesMax: 10 })]);
    const after = await published();
    expect(after.version).toBe(before.version + 2);
    expect(after.policies).toEqual(policies);
    expect(after.routes.find(({ id }) => id === routeId)?.policies).toEqual(ofRoute.policies);
    const entries = await harness.owner.auditEntry.findMany({
      where: { providerId },
      orderBy: { id: 'desc' },
      take: 2,
    });
    expect(entries.map(({ action, targetId, before: was }) => [action, targetId, was])).toEqual([
      ['route.set-policies', routeId, []],
      ['api.set-policies', apiId, []],
    ]);
    expect(entries[1]?.after).toEqual(policies);
  });

  it('are refused with everything that is wrong, and nothing is kept', async () => {
    const errors = await errorsOf(
      setForApi([
        limit,
        policy('rate-limit', { limit: 0, windowSeconds: 100_000, burts: 5 }),
        policy('magic'),
        policy('quota', { meters: ['input_tokens'], limit: '1' }, true),
        limit,
      ]),
    );
    expect(Object.keys(errors)).toEqual([
      'policies.1.options.limit',
      'policies.1.options.windowSeconds',
      'policies.2.type',
      'policies.3.shadow',
      'policies.4.type',
      'policies.1.options.burts',
    ]);
    const { providerId, apiId } = world;
    expect((await getApiPolicies(harness.ctx, world.owner, { providerId, apiId })).policies).toEqual([]);
  });

  it('are refused where the type may not stand', async () => {
    expect(await errorsOf(setForRoute([policy('budget')]))).toEqual({ 'policies.0.type': 'cannot be set for a route' });
  });

  it('name only meters and features that exist', async () => {
    const quota = policy('quota', { meters: ['input_tokens', 'pages'], limit: '1' });
    const wrong = await errorsOf(setForApi([quota, policy('monetization', { requires: ['tokens', 'seats'] })]));
    expect(wrong).toEqual({
      'policies.0.options.meters.1': 'there is no meter pages',
      'policies.1.options.requires.1': 'there is no feature seats',
    });
  });

  it('hold no text that the database cannot', async () => {
    const nul = policy('rate-limit', { limit: 1, limitsByPlan: { 'a\u0000': 1 } });
    expect(Object.keys(await errorsOf(setForApi([nul])))).toEqual(['policies.0.options']);
  });

  it('of a route are found below its own API alone', async () => {
    const { providerId } = world;
    const apiId = 'api_00000000000000000000000000';
    const attempt = setRoutePolicies(harness.ctx, world.owner, { providerId, apiId, routeId, policies: [] });
    await expect(attempt).rejects.toMatchObject({ problem: { slug: 'not-found' } });
  });
});

describe('request validation', () => {
  it('puts what the document says into the snapshot, and only where it is checked', async () => {
    await withSchema({ type: 'object', required: ['model'] });
    expect((await published()).routes[0]?.requestSchema).toBeUndefined();
    await setForRoute([validation]);
    expect((await published()).routes[0]?.requestSchema).toEqual({
      ...{ parameters: [], definitions: {} },
      body: { required: false, schema: { type: 'object', required: ['model'] } },
    });
  });

  it('is refused for a schema that no gateway could compile, and so is such a document under it', async () => {
    await withSchema({ type: 'nonsense' });
    const atApi = await errorsOf(setForApi([limit, validation]));
    expect(atApi['policies.1.options']).toMatch(/^POST \/chat: its schema cannot be checked: /);
    expect(Object.keys(await errorsOf(setForRoute([validation])))).toEqual(['policies.0.options']);
    await withSchema({ type: 'object' });
    await setForApi([validation]);
    expect((await errorsOf(withSchema({ type: 'nonsense' }))).source).toMatch(/does not fit the policies/);
    expect((await published()).routes[0]?.requestSchema?.body?.schema).toEqual({ type: 'object' });
  });
});

describe('policies of a plan', () => {
  it('are checked with its terms and published with them', async () => {
    const { providerId, planId } = world;
    const draft = await newPlanVersion(harness.ctx, world.owner, { providerId, planId });
    const terms = (policies: PolicyConfig[]) => ({ ...termsOf(), policies });
    const update = (policies: PolicyConfig[]) =>
      updateDraft(harness.ctx, world.owner, { providerId, planVersionId: draft.id, terms: terms(policies) });
    expect(await errorsOf(update([validation, policy('rate-limit')]))).toMatchObject({
      'terms.policies.0.type': 'cannot be set for a plan',
      'terms.policies.1.options.limit': 'is missing',
    });
    await update([policy('model-guard', { models: ['small-*'] })]);
    await publishPlan(harness.ctx, world.owner, { providerId, planVersionId: draft.id });
    const plan = (await published()).plans.find(({ planVersionId }) => planVersionId === draft.id);
    expect(plan?.terms.policies[0]?.options).toMatchObject({ models: ['small-*'], aboveMax: 'clamp' });
    const { plans } = await getStorefront(harness.ctx, { slug: world.slug });
    const offered = await listVisiblePlans(harness.ctx, world.customerOwner, world.target);
    for (const { terms: shown } of [...plans, ...offered.items]) expect(shown).not.toHaveProperty('policies');
    const next = await newPlanVersion(harness.ctx, world.owner, { providerId, planId });
    expect(next.terms.policies).toEqual(plan?.terms.policies);
  });
});

describe('what policies know of a caller', () => {
  it('are the scopes of its key and the beginning of its subscription', async () => {
    const { target, agentId } = world;
    const scopes = ['chat:write', 'chat:write', 'files:read'];
    const made = await createKey(harness.ctx, world.customerOwner, { ...target, agentId, name: 'scoped', scopes });
    expect(made.scopes).toEqual(['chat:write', 'files:read']);
    const found = await harness.gatewayState.directory.findKey(secretHash(made.key));
    const { startedAt } = await harness.owner.subscription.findFirstOrThrow({ where: { status: 'active', ...target } });
    expect(found).toMatchObject({
      key: { scopes: ['chat:write', 'files:read'] },
      customer: { billingAnchorAtMs: startedAt.getTime() },
    });
  });
});
