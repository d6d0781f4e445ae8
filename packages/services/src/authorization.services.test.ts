import { ProblemError } from '@tollwright/core';
import {
  createWorld,
  DOCUMENT,
  openServicesHarness,
  type ServicesHarness,
  termsOf,
  type World,
} from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, ANONYMOUS } from './actor.ts';
import * as services from './index.ts';

type Verb = (ctx: services.ServiceContext, actor: Actor, input: never) => Promise<unknown>;

interface Entry {
  readonly level: 'provider' | 'customer';
  readonly action: 'read' | 'write';
  /** Everything but providerId and customerId. */
  readonly input: (world: World) => Record<string, unknown>;
  /** Nothing of the kind exists in this test: who may read gets not-found too. */
  readonly absent?: true;
}

const provider = (action: Entry['action'], input: Entry['input'] = () => ({})): Entry => ({
  level: 'provider',
  action,
  input,
});
const customer = (action: Entry['action'], input: Entry['input'] = () => ({})): Entry => ({
  level: 'customer',
  action,
  input,
});
const source = { kind: 'text', text: DOCUMENT };
const rule = { kind: 'openai' };
const payTo = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const membershipId = 'mem_00000000000000000000000000';

/** Every verb that acts on an organization. A verb that is exported and missing here fails below. */
const VERBS: Record<string, Entry> = {
  allMeters: provider('read'),
  archiveAgent: customer('write', (w) => ({ agentId: w.agentId })),
  archiveFeature: provider('write', (w) => ({ featureId: w.featureId })),
  archivePlan: provider('write', (w) => ({ planId: w.planId })),
  closeChannel: {
    ...provider('write', () => ({ channelKey: 'channel:eip155:4217:0x00' })),
    absent: true,
  },
  createAgent: customer('write', () => ({ name: 'beta' })),
  createApi: provider('write', () => ({ slug: 'more', name: 'M', source, upstreamBaseUrl: 'https://up.example' })),
  createCustomer: provider('write', () => ({ name: 'C' })),
  createExtractor: provider('write', () => ({ name: 'E', rule })),
  createFeature: provider('write', () => ({ key: 'more', name: 'F', meterSlugs: ['input_tokens'] })),
  createKey: customer('write', (w) => ({ agentId: w.agentId, name: 'K' })),
  createMeter: provider('write', () => ({
    slug: 'requests',
    name: 'Requests',
    eventType: 'request',
    aggregation: 'COUNT',
    valueProperty: null,
    groupBy: {},
  })),
  createPlan: provider('write', () => ({ key: 'free', name: 'Free', terms: termsOf() })),
  createProject: customer('write', () => ({ name: 'P' })),
  createToken: customer('write', () => ({ name: 'T', scopes: ['read'] })),
  createWebhook: customer('write', () => ({ url: 'https://hooks.example' })),
  customerHome: customer('read'),
  decideApproval: {
    ...customer('write', () => ({ approvalId: 'apv_00000000000000000000000000', decision: 'once' })),
    absent: true,
  },
  endSubscription: customer('write'),
  forgetPayer: {
    ...provider('write', () => ({ verifiedPayerId: 'vpy_00000000000000000000000000' })),
    absent: true,
  },
  getAgent: customer('read', (w) => ({ agentId: w.agentId })),
  getApi: provider('read', (w) => ({ apiId: w.apiId })),
  getApiPolicies: provider('read', (w) => ({ apiId: w.apiId })),
  getBudget: customer('read', (w) => ({ budgetId: w.budgetId })),
  getCustomer: customer('read'),
  getEntitlement: customer('read', () => ({ featureKey: 'tokens' })),
  getMeter: provider('read', () => ({ meterIdOrSlug: 'input_tokens' })),
  getSubject: { ...provider('read', () => ({ subjectIdOrKey: 'nobody' })), absent: true },
  ingestEvents: provider('write', () => ({
    events: [{ specversion: '1.0', id: '1', source: 'here', type: 'job', subject: 'acme' }],
  })),
  listSubjects: provider('read'),
  removeSubject: { ...provider('write', () => ({ subjectIdOrKey: 'nobody' })), absent: true },
  upsertSubjects: provider('write', () => ({ subjects: [{ key: 'acme' }] })),
  getEvent: { ...customer('read', () => ({ eventId: 'evt_1' })), absent: true },
  refundPayment: {
    ...provider('write', () => ({ paymentId: 'pay_00000000000000000000000000', reason: 'R' })),
    absent: true,
  },
  getPayment: { ...customer('read', () => ({ paymentId: 'pay_00000000000000000000000000' })), absent: true },
  getReceipt: { ...customer('read', () => ({ paymentId: 'pay_00000000000000000000000000' })), absent: true },
  archiveTaxRate: provider('write', (w) => ({ taxRateId: w.taxRateId })),
  createTaxRate: provider('write', () => ({ name: 'VAT', percent: '7', region: 'Germany' })),
  getCustomerBilling: customer('read'),
  getInvoiceSettings: provider('read'),
  listTaxRates: provider('read'),
  updateCustomerBilling: customer('write', () => ({ name: 'N' })),
  updateInvoiceSettings: provider('write', () => ({ netDays: 30 })),
  creditInvoice: provider('write', (w) => ({ invoiceId: w.invoiceId, amountNanoUsd: '10000000', reason: 'R' })),
  getInvoice: customer('read', (w) => ({ invoiceId: w.invoiceId })),
  invoicePdf: customer('read', (w) => ({ invoiceId: w.invoiceId })),
  invoiceUsage: customer('read', (w) => ({ invoiceId: w.invoiceId })),
  listInvoices: customer('read'),
  payInvoice: provider('write', (w) => ({ invoiceId: w.invoiceId, paidBy: 'Bank transfer' })),
  upcomingInvoice: customer('read'),
  voidInvoice: provider('write', (w) => ({ invoiceId: w.invoiceId, reason: 'R' })),
  getPlan: provider('read', (w) => ({ planId: w.planId })),
  getProvider: provider('read'),
  getRoutePolicies: provider('read', (w) => ({ apiId: w.apiId, routeId: w.routeId })),
  getTrace: { ...customer('read', () => ({ traceId: 'evt_1' })), absent: true },
  getWebhookDelivery: provider('read', (w) => ({ deliveryId: w.webhookDeliveryId })),
  grantCredit: provider('write', (w) => ({ customerId: w.customerId, amountNanoUsd: '1', reason: 'R' })),
  importDocument: provider('write', () => ({ source })),
  inviteMember: customer('write', () => ({ email: 'new@somewhere.example', role: 'viewer' })),
  listAgents: customer('read'),
  listApis: provider('read'),
  listApprovals: customer('read'),
  listAudit: customer('read'),
  listBudgets: customer('read'),
  creditBalanceAt: customer('read'),
  listCreditBalances: customer('read'),
  listCreditGrants: customer('read'),
  getTopUps: customer('read'),
  beginCard: customer('write'),
  saveCard: customer('write', () => ({ session: 'cs_test_1' })),
  removeCard: customer('write'),
  pauseTopUp: customer('write', (w) => ({ ruleId: w.agentId.replace(/^agt/, 'tur'), paused: true })),
  setTopUp: customer('write', (w) => ({
    ...{ agentId: w.agentId, belowNanoUsd: '1', amountNanoUsd: '5000000000', monthlyCapNanoUsd: '5000000000' },
  })),
  listCustomers: provider('read'),
  listEntitlements: customer('read'),
  listEvents: customer('read'),
  listExtractors: provider('read'),
  paymentFunnel: provider('read'),
  listFeatures: provider('read'),
  listHolds: customer('read'),
  listIncidents: provider('read'),
  listKeys: customer('read'),
  listMembers: customer('read'),
  listMeters: provider('read'),
  listNotices: customer('read'),
  listChannels: customer('read'),
  listCosts: provider('read'),
  marginCalls: provider('read'),
  marginSeries: provider('read'),
  marginTop: provider('read', () => ({ groupBy: 'model' })),
  setCosts: provider('write', (w) => ({ apiId: w.apiId, callUsd: '0.01' })),
  listPayers: provider('read'),
  listPayments: customer('read'),
  listPlans: provider('read'),
  listPolicyTypes: provider('read'),
  listProjects: customer('read'),
  listRoutes: provider('read', (w) => ({ apiId: w.apiId })),
  listSubscriptions: customer('read'),
  listTokens: customer('read'),
  listTraces: customer('read'),
  listVisiblePlans: customer('read'),
  listStripeAccounts: provider('read'),
  listVerifiedPayers: provider('read'),
  listWallets: provider('read'),
  listWebhookDeliveries: customer('read'),
  listWebhooks: customer('read'),
  moveSubscription: customer('write', (w) => ({ planId: w.planId })),
  newPlanVersion: provider('write', (w) => ({ planId: w.planId })),
  previewPolicies: provider('read', () => ({ level: 'plan', policies: [] })),
  providerHome: provider('read'),
  publishPlan: provider('write', (w) => ({ planVersionId: w.planVersionId })),
  queryMeter: customer('read', () => ({ meterIdOrSlug: 'input_tokens' })),
  reImportApi: provider('write', (w) => ({ apiId: w.apiId, source })),
  removeBudget: customer('write', (w) => ({ budgetId: w.budgetId })),
  removeMember: customer('write', () => ({ membershipId })),
  removeStripeAccount: provider('write', (w) => ({ stripeAccountId: w.stripeAccountId })),
  removeWallet: provider('write', (w) => ({ walletId: w.walletId })),
  removeWebhook: provider('write', (w) => ({ endpointId: w.webhookEndpointId })),
  replayWebhook: provider('write', (w) => ({ deliveryId: w.webhookDeliveryId })),
  resolveIncident: provider('write', () => ({ incidentId: 'inc_00000000000000000000000000' })),
  revokeKey: customer('write', (w) => ({ keyId: w.keyId })),
  revokeToken: provider('write', (w) => ({ tokenId: w.tokenId })),
  rotateWebhookSecret: provider('write', (w) => ({ endpointId: w.webhookEndpointId })),
  setApiPolicies: provider('write', (w) => ({ apiId: w.apiId, policies: [] })),
  setBudget: customer('write', (w) => ({
    subject: 'agent',
    subjectId: w.agentId,
    limitNanoUsd: '1',
    period: 'month',
  })),
  setCredential: provider('write', (w) => ({ apiId: w.apiId, credential: null })),
  setRefundKey: provider('write', (w) => ({ walletId: w.walletId, refundKey: null })),
  setRoutePolicies: provider('write', (w) => ({ apiId: w.apiId, routeId: w.routeId, policies: [] })),
  setStripeAccount: provider('write', () => ({ profile: 'profile_b', secretKey: 'rk_live_00000000' })),
  setWallet: provider('write', () => ({ network: 'eip155:8453', payTo })),
  subscribe: customer('write', (w) => ({ planId: w.planId })),
  testExtractor: provider('read', () => ({ rule, answer: '{}' })),
  testWebhook: provider('write', (w) => ({ endpointId: w.webhookEndpointId })),
  updateAgent: customer('write', (w) => ({ agentId: w.agentId, framework: 'x' })),
  updateApi: provider('write', (w) => ({ apiId: w.apiId, name: 'N' })),
  updateCustomer: customer('write', () => ({ name: 'N' })),
  updateDraft: provider('write', (w) => ({ planVersionId: w.planVersionId, terms: termsOf() })),
  updateKey: customer('write', (w) => ({ keyId: w.keyId, metadata: {} })),
  updatePlan: provider('write', (w) => ({ planId: w.planId, name: 'N' })),
  updateProvider: provider('write', () => ({ name: 'N' })),
  updateRoute: provider('write', (w) => ({ routeId: w.routeId, bodyBytesMax: 10 })),
  updateWebhook: provider('write', (w) => ({ endpointId: w.webhookEndpointId })),
  usageSeries: customer('read'),
  usageTop: customer('read', () => ({ groupBy: 'agent' })),
  waitingApprovals: customer('read'),
  verifyPayer: provider('write', () => ({ address: payTo, note: 'N' })),
};

/** Verbs that act on no organization yet, or on the actor alone. */
const ELSEWHERE = new Set(['acceptInvitation', 'createProvider', 'signUpCustomer']);

let harness: ServicesHarness;
let acme: World;
let other: World;
let sibling: { owner: Actor; token: Actor };

beforeAll(async () => {
  harness = await openServicesHarness();
  acme = await createWorld(harness, 'acme');
  other = await createWorld(harness, 'other');
  const owner = await harness.person('sibling@acme.example');
  const row = await services.signUpCustomer(harness.ctx, owner, { providerSlug: 'acme', name: 'Sibling' });
  const target = { providerId: acme.providerId, customerId: row.id };
  const made = await services.createToken(harness.ctx, owner, { ...target, name: 't', scopes: ['read', 'write'] });
  sibling = { owner, token: (await services.resolveToken(harness.ctx, made.token)) ?? ANONYMOUS };
});
afterAll(() => harness.close());

async function refusal(name: string, actor: Actor, world: World, customerId: string = world.customerId) {
  const entry = VERBS[name];
  const verb = (services as unknown as Record<string, Verb>)[name];
  if (!entry || !verb) throw new Error(`no verb ${name}`);
  const target =
    entry.level === 'customer' ? { providerId: world.providerId, customerId } : { providerId: world.providerId };
  try {
    await verb(harness.ctx, actor, { ...target, ...entry.input(world) } as never);
    return 'allowed';
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.slug;
    throw error;
  }
}

const names = Object.keys(VERBS);
const writes = names.filter((name) => VERBS[name]?.action === 'write');
const reads = names.filter((name) => VERBS[name]?.action === 'read');
const ofCustomer = names.filter((name) => VERBS[name]?.level === 'customer');
const ofProvider = names.filter((name) => VERBS[name]?.level === 'provider');

describe('every verb that acts on an organization', () => {
  it('is in the table of this test', () => {
    const exported = Object.entries(services)
      .filter(([name, value]) => typeof value === 'function' && value.length === 3 && isVerb(name))
      .map(([name]) => name)
      .filter((name) => !ELSEWHERE.has(name));
    expect(exported.sort()).toEqual([...names].sort());
  });

  it.each(names)('%s: refuses nobody in particular with not-signed-in', async (name) => {
    expect(await refusal(name, ANONYMOUS, acme)).toBe('not-signed-in');
  });

  it.each(names)("%s: another provider's owner gets not-found", async (name) => {
    expect(await refusal(name, other.owner, acme)).toBe('not-found');
  });

  it.each(names)("%s: another provider's token gets not-found", async (name) => {
    const token = await services.resolveToken(harness.ctx, other.token);
    expect(await refusal(name, token ?? ANONYMOUS, acme)).toBe('not-found');
  });

  it.each(names)('%s: another customer of the same provider gets not-found', async (name) => {
    expect(await refusal(name, sibling.owner, acme)).toBe('not-found');
  });

  it.each(names)("%s: another customer's token gets not-found", async (name) => {
    expect(await refusal(name, sibling.token, acme)).toBe('not-found');
  });

  it.each(ofCustomer)("%s: a provider's owner gets not-found for another provider's customer", async (name) => {
    expect(await refusal(name, acme.owner, acme, other.customerId)).toBe('not-found');
  });

  it.each(ofProvider)("%s: a customer's owner gets not-found for the provider itself", async (name) => {
    expect(await refusal(name, acme.customerOwner, acme)).toBe('not-found');
  });
});

describe('a viewer', () => {
  it.each(writes)('%s: is refused', async (name) => {
    expect(await refusal(name, acme.viewer, acme)).toBe('forbidden');
    if (VERBS[name]?.level === 'customer') expect(await refusal(name, acme.customerViewer, acme)).toBe('forbidden');
  });

  it.each(reads)('%s: reads', async (name) => {
    const answer = VERBS[name]?.absent ? 'not-found' : 'allowed';
    expect(await refusal(name, acme.viewer, acme)).toBe(answer);
    if (VERBS[name]?.level === 'customer') expect(await refusal(name, acme.customerViewer, acme)).toBe(answer);
  });
});

describe('a token that may only read', () => {
  it.each(writes)('%s: lacks the scope', async (name) => {
    const { providerId } = acme;
    const made = await services.createToken(harness.ctx, acme.owner, { providerId, name: 'r', scopes: ['read'] });
    const token = await services.resolveToken(harness.ctx, made.token);
    expect(await refusal(name, token ?? ANONYMOUS, acme)).toBe('missing-scope');
  });
});

describe("an id of another tenant in an owner's own request", () => {
  const crossing: [string, (world: World) => World][] = names
    .filter((name) => Object.keys(VERBS[name]?.input(blank()) ?? {}).some((key) => /Id$/.test(key)))
    .map((name) => [name, (world) => world]);

  it.each(crossing)('%s: is not found', async (name) => {
    const entry = VERBS[name];
    const verb = (services as unknown as Record<string, Verb>)[name];
    const foreign = entry?.input(other);
    const target = entry?.level === 'customer' ? acme.target : { providerId: acme.providerId };
    const actor = entry?.level === 'customer' ? acme.customerOwner : acme.owner;
    await expect(verb?.(harness.ctx, actor, { ...target, ...foreign } as never)).rejects.toMatchObject({
      problem: { slug: 'not-found' },
    });
  });
});

function blank(): World {
  return new Proxy({} as World, { get: () => '' });
}

function isVerb(name: string): boolean {
  return `${name}Input` in services || `${name}Output` in services;
}
