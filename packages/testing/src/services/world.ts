import {
  type Actor,
  acceptInvitation,
  advanceCustomer,
  createAgent,
  createApi,
  createExtractor,
  createFeature,
  createKey,
  createMeter,
  createPlan,
  createProject,
  createProvider,
  createTaxRate,
  createToken,
  createWebhook,
  inviteMember,
  listInvoices,
  listRoutes,
  publishPlan,
  type ServiceContext,
  SYSTEM,
  setBudget,
  setStripeAccount,
  setWallet,
  signUpCustomer,
  subscribe,
  testWebhook,
} from '@tollwright/services';
import type { ServicesHarness } from './services-harness.ts';
import { recordTraffic } from './world-traffic.ts';

export const UPSTREAM_SECRET = 'Bearer sk-upstream-secret';

export const DOCUMENT = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Sample', version: '1.0.0' },
  servers: [{ url: 'https://upstream.example/base' }],
  paths: {
    '/chat': { post: { operationId: 'chat', summary: 'Chat', responses: { 200: { description: 'ok' } } } },
    '/weather/{city}': {
      get: {
        operationId: 'weather',
        parameters: [{ name: 'city', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 200: { description: 'ok' } },
      },
    },
  },
});

/** Terms of 20 USD a month, 2.50 USD per million input tokens, 1,000 tokens a month. */
export function termsOf(feeNanoUsd = '20000000000') {
  return {
    rateLimit: { limit: 100, windowSeconds: 60 },
    quotas: [{ featureKey: 'tokens', limit: '1000', period: 'month' as const }],
    rateCards: [
      {
        key: 'base_fee',
        name: 'Monthly fee',
        price: { kind: 'flat' as const, amountNanoUsd: feeNanoUsd, paymentTerm: 'in-advance' as const },
      },
      {
        key: 'input',
        name: 'Input tokens',
        price: {
          kind: 'per-model-token' as const,
          meter: 'input_tokens',
          usdPerMillionByModel: { 'small-1': '2.5' },
          defaultUsdPerMillion: null,
        },
      },
    ],
    defaultKeyBudget: { limitNanoUsd: '5000000000', period: 'month' as const },
    outputTokensMax: 1024,
  };
}

/** Everything that one provider and one of its customers can have, made by the verbs alone. */
export type World = Awaited<ReturnType<typeof createWorld>>;

/** Makes a provider `name` with an API, a published plan and a subscribed customer with one agent and its key. */
export async function createWorld(harness: ServicesHarness, name: string) {
  const { ctx } = harness;
  const provider = await createProviderPeople(harness, name);
  const catalogue = await createCatalogue(ctx, provider.owner, provider.providerId);
  const customer = await createCustomerPeople(harness, name, provider.providerId);
  const target = { providerId: provider.providerId, customerId: customer.customerId };
  const subscription = await subscribe(ctx, customer.customerOwner, { ...target, planId: catalogue.planId });
  await advanceCustomer(harness.workerCtx, target, { nowMs: ctx.clock(), lowMs: null });
  const invoices = await listInvoices(ctx, provider.owner, target);
  const project = await createProject(ctx, customer.customerOwner, { ...target, name: 'Support' });
  const agent = await createAgent(ctx, customer.customerOwner, {
    ...target,
    name: 'agent-alpha',
    framework: 'langgraph',
    metadata: { team: 'blue' },
    projectId: project.id,
  });
  const key = await createKey(ctx, customer.customerOwner, { ...target, agentId: agent.id, name: 'first' });
  const budget = await setBudget(ctx, customer.customerOwner, {
    ...target,
    subject: 'agent',
    subjectId: agent.id,
    limitNanoUsd: '5000000000',
    period: 'month',
  });
  const token = await createToken(ctx, provider.owner, {
    providerId: provider.providerId,
    name: 'ci',
    scopes: ['read', 'write'],
  });
  const webhooks = await createWebhooks(ctx, provider.owner, provider.providerId);
  const vat = { name: 'VAT', percent: '19', region: 'Germany' };
  const taxRate = await createTaxRate(ctx, provider.owner, { providerId: provider.providerId, ...vat });
  const { apiId, routeId } = catalogue;
  const traffic = await recordTraffic(harness, name, { ...target, agentId: agent.id, keyId: key.id, apiId, routeId });
  return {
    ...provider,
    ...catalogue,
    ...customer,
    ...traffic,
    ...webhooks,
    target,
    subscriptionId: subscription.id,
    invoiceId: invoices.items[0]?.id ?? '',
    projectId: project.id,
    agentId: agent.id,
    keyId: key.id,
    key: key.key,
    keyBudgetId: key.budget.id,
    budgetId: budget.id,
    taxRateId: taxRate.id,
    tokenId: token.id,
    token: token.token,
  };
}

/** An endpoint of the provider that hears of little, and one delivery. */
async function createWebhooks(ctx: ServiceContext, owner: Actor, providerId: string) {
  const endpoint = await createWebhook(ctx, owner, {
    ...{ providerId, url: 'https://hooks.example/tollwright', eventTypes: ['webhook_endpoint.disabled'] },
  });
  const delivery = await testWebhook(ctx, owner, { providerId, endpointId: endpoint.id });
  return { webhookEndpointId: endpoint.id, webhookDeliveryId: delivery.id };
}

async function createProviderPeople(harness: ServicesHarness, name: string) {
  const owner = await harness.person(`owner@${name}.example`);
  const provider = await createProvider(harness.ctx, owner, { name, slug: name });
  const viewer = await invited(harness, owner, { providerId: provider.id }, `viewer@${name}.example`);
  return { providerId: provider.id, slug: name, owner, viewer };
}

async function createCustomerPeople(harness: ServicesHarness, name: string, providerId: string) {
  const customerOwner = await harness.person(`agents@${name}.example`);
  const customer = await signUpCustomer(harness.ctx, customerOwner, { providerSlug: name, name: 'Agents Inc' });
  const target = { providerId, customerId: customer.id };
  const customerViewer = await invited(harness, customerOwner, target, `reader@${name}.example`);
  return { customerId: customer.id, customerOwner, customerViewer };
}

async function invited(
  harness: ServicesHarness,
  by: Actor,
  target: { providerId: string; customerId?: string },
  email: string,
) {
  const person = await harness.person(email);
  await inviteMember(harness.ctx, by, { ...target, email, role: 'viewer' });
  await acceptInvitation(harness.ctx, person, { token: harness.tokenMailedTo(email) });
  return person;
}

async function createCatalogue(ctx: ServiceContext, owner: Actor, providerId: string) {
  const api = await createApi(ctx, owner, {
    providerId,
    slug: 'llm',
    name: 'LLM',
    source: { kind: 'text', text: DOCUMENT },
    upstreamBaseUrl: 'https://upstream.example/base',
    upstreamCredential: { header: 'Authorization', value: UPSTREAM_SECRET },
  });
  const routes = await listRoutes(ctx, owner, { providerId, apiId: api.id });
  const extractor = await createExtractor(ctx, owner, { providerId, name: 'OpenAI', rule: { kind: 'openai' } });
  for (const slug of ['input_tokens', 'output_tokens']) {
    await createMeter(ctx, owner, {
      providerId,
      slug,
      name: slug,
      eventType: 'request',
      aggregation: 'SUM',
      valueProperty: `$.${slug}`,
      groupBy: { model: '$.model', route: '$.route' },
    });
  }
  const meterSlugs = ['input_tokens', 'output_tokens'];
  const feature = await createFeature(ctx, owner, { providerId, key: 'tokens', name: 'Tokens', meterSlugs });
  const plan = await createPlan(ctx, owner, { providerId, key: 'pro', name: 'Pro', terms: termsOf() });
  const planVersionId = plan.versions[0]?.id ?? '';
  await publishPlan(ctx, owner, { providerId, planVersionId });
  const stripeAccount = await setStripeAccount(ctx, SYSTEM, {
    ...{ providerId, profile: 'profile_a', secretKey: 'rk_live_00000000' },
  });
  const wallet = await setWallet(ctx, SYSTEM, {
    providerId,
    network: 'eip155:84532',
    payTo: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  });
  return {
    apiId: api.id,
    routeId: routes.items[0]?.id ?? '',
    extractorId: extractor.id,
    featureId: feature.id,
    planId: plan.id,
    planVersionId,
    walletId: wallet.id,
    stripeAccountId: stripeAccount.id,
  };
}
