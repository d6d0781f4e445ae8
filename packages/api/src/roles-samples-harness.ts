import { DOCUMENT, termsOf, type World } from '@tollwright/testing';

/** A valid input of a procedure, naming objects of the organization here. `about` says whose affair it is. */
export interface RoleSample {
  readonly about: 'provider' | 'customer';
  readonly input: (world: World) => Record<string, unknown>;
}

const provider = (input: RoleSample['input'] = () => ({})): RoleSample => ({ about: 'provider', input });
const customer = (input: RoleSample['input'] = () => ({})): RoleSample => ({ about: 'customer', input });

const source = { kind: 'text', text: DOCUMENT };
const payTo = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

/** Keyed by procedure. A procedure without one fails the roles test. */
export const SAMPLES: Readonly<Record<string, RoleSample>> = {
  'provider.get': provider(),
  'provider.update': provider(() => ({ name: 'N' })),
  'provider.audit': provider(),
  'member.list': provider(),
  'member.invite': provider(() => ({ email: 'new@somewhere.example', role: 'viewer' })),
  'member.remove': provider(() => ({ membershipId: 'mem_00000000000000000000000000' })),
  'token.list': provider(),
  'token.create': provider(() => ({ name: 'T', scopes: ['read'] })),
  'token.revoke': provider((w) => ({ tokenId: w.tokenId })),
  'api.preview': provider(() => ({ source })),
  'api.create': provider(() => ({ slug: 'more', name: 'More', source, upstreamBaseUrl: 'https://upstream.example' })),
  'api.list': provider(),
  'api.get': provider((w) => ({ apiId: w.apiId })),
  'api.update': provider((w) => ({ apiId: w.apiId, name: 'N' })),
  'api.setCredential': provider((w) => ({ apiId: w.apiId, credential: null })),
  'api.reImport': provider((w) => ({ apiId: w.apiId, source })),
  'route.list': provider((w) => ({ apiId: w.apiId })),
  'route.update': provider((w) => ({ routeId: w.routeId, bodyBytesMax: 10 })),
  'extractor.list': provider(),
  'extractor.create': provider(() => ({ name: 'E', rule: { kind: 'openai' } })),
  'extractor.test': provider(() => ({ rule: { kind: 'openai' }, answer: '{}' })),
  'meter.list': provider(),
  'meter.create': provider(() => ({
    slug: 'requests',
    name: 'Requests',
    eventType: 'request',
    aggregation: 'COUNT',
    valueProperty: null,
    groupBy: {},
  })),
  'feature.list': provider(),
  'feature.create': provider(() => ({ key: 'more', name: 'More', meterSlugs: ['input_tokens'] })),
  'feature.archive': provider((w) => ({ featureId: w.featureId })),
  'plan.list': provider(),
  'plan.get': provider((w) => ({ planId: w.planId })),
  'plan.create': provider(() => ({ key: 'free', name: 'Free', terms: termsOf() })),
  'plan.update': provider((w) => ({ planId: w.planId, name: 'N' })),
  'plan.newVersion': provider((w) => ({ planId: w.planId })),
  'plan.updateDraft': provider((w) => ({ planVersionId: w.planVersionId, terms: termsOf() })),
  'plan.publish': provider((w) => ({ planVersionId: w.planVersionId })),
  'plan.archive': provider((w) => ({ planId: w.planId })),
  'plan.visible': customer(),
  'wallet.list': provider(),
  'wallet.set': provider(() => ({ network: 'eip155:8453', payTo })),
  'wallet.remove': provider((w) => ({ walletId: w.walletId })),
  'customer.list': provider(),
  'customer.get': customer(),
  'customer.create': provider(() => ({ name: 'C' })),
  'customer.update': customer(() => ({ name: 'N' })),
  'subscription.list': provider(),
  'subscription.create': customer((w) => ({ planId: w.planId })),
  'subscription.move': customer((w) => ({ planId: w.planId })),
  'subscription.end': customer(),
  'project.list': customer(),
  'project.create': customer(() => ({ name: 'P' })),
  'agent.list': customer(),
  'agent.get': customer((w) => ({ agentId: w.agentId })),
  'agent.create': customer(() => ({ name: 'beta' })),
  'agent.update': customer((w) => ({ agentId: w.agentId, framework: 'x' })),
  'agent.archive': customer((w) => ({ agentId: w.agentId })),
  'key.list': customer(),
  'key.create': customer((w) => ({ agentId: w.agentId, name: 'K' })),
  'key.revoke': customer((w) => ({ keyId: w.keyId })),
  'budget.list': customer(),
  'budget.get': customer((w) => ({ budgetId: w.budgetId })),
  'budget.set': customer((w) => ({ subject: 'agent', subjectId: w.agentId, limitNanoUsd: '1', period: 'month' })),
  'budget.remove': customer((w) => ({ budgetId: w.budgetId })),
  'usage.series': provider(),
  'usage.top': provider(() => ({ groupBy: 'agent' })),
  'usage.meter': provider(() => ({ meter: 'input_tokens' })),
  'usage.providerHome': provider(),
  'usage.customerHome': customer(),
  'event.list': provider(),
  'event.get': provider((w) => ({ eventId: w.eventId })),
  'payment.list': provider(),
  'payment.get': provider((w) => ({ paymentId: w.paymentId })),
};
