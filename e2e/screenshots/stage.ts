import { done, type Management, openManagement } from '../management.ts';
import { termsOf } from '../subscriber.ts';
import { type Cast, invite, type Role } from './cast.ts';
import { explainedCalls } from './explained-calls.ts';
import { mailedTokenNow } from './mail-link.ts';
import { ask, type Organization } from './portal-client.ts';

/** What pages are about: addresses and ids of the running demo. */
export interface Stage {
  /** The provider's slug. */
  readonly acme: string;
  readonly newProvider: string;
  readonly customers: { readonly globex: string; readonly initech: string; readonly cobalt: string };
  readonly agents: { readonly busy: string; readonly idle: string };
  readonly apiId: string;
  readonly routes: { readonly chat: string; readonly paid: string };
  readonly plans: { readonly pro: string; readonly draft: string };
  readonly calls: { readonly answered: string; readonly failed: string };
  readonly paymentId: string;
  /** Calls that are explained: one that a budget refused, one that was served. */
  readonly traces: { readonly refused: string; readonly served: string };
  /** An open invitation to the provider's team. */
  readonly invitationToken: string;
}

type Organizations = {
  readonly providers: readonly { readonly id: string; readonly slug: string }[];
  readonly customers: readonly { readonly id: string; readonly name: string; readonly provider: { id: string } }[];
};

const GUEST = 'greta@guest.test';

/** Brings everybody to their place and reads what there is. A second run on the same product changes nothing. */
export async function setStage(cast: Cast): Promise<Stage> {
  const management = openManagement();
  const { id: providerId, slug: acme } = await done(management.GET('/provider'));
  const own = await customersOf(management);
  const provider = { providerId, customerId: null };
  const globex = { providerId, customerId: own('Globex') };
  const initech = { providerId, customerId: own('Initech') };
  await ensureMember(cast, 'provider-owner', 'provider-viewer', provider, 'viewer');
  await ensureMember(cast, 'customer-owner', 'customer-viewer', globex, 'viewer');
  await ensureMember(cast, 'provider-owner', 'fleet-owner', initech, 'owner');
  await ensureMember(cast, 'customer-owner', 'fleet-owner', globex, 'viewer');
  return {
    acme,
    newProvider: await ensureProvider(cast),
    customers: { globex: own('Globex'), initech: own('Initech'), cobalt: await ensureCustomer(cast, acme) },
    ...(await whatAcmeSells(management)),
    ...(await whatHappened(management, own('Globex'))),
    agents: await agentsOf(management, own('Globex'), own('Initech')),
    traces: await explainedCalls(management, own('Globex')),
    invitationToken: await ensureInvitation(cast, provider),
  };
}

async function customersOf(management: Management): Promise<(name: string) => string> {
  const { items } = await done(management.GET('/customers', { params: { query: { limit: 200 } } }));
  return (name) => named(items, name).id;
}

function named<Item extends { readonly name: string }>(items: readonly Item[], name: string): Item {
  const found = items.find((item) => item.name === name);
  if (!found) throw new Error(`the demo has no ${name}`);
  return found;
}

function first<Item>(items: readonly Item[], what: string): Item {
  const [item] = items;
  if (item === undefined) throw new Error(`the demo has no ${what}`);
  return item;
}

function organizationsOf(cast: Cast, role: Role): Promise<Organizations> {
  return ask(cast[role].request, 'account.organizations');
}

async function ensureMember(
  cast: Cast,
  host: 'provider-owner' | 'customer-owner',
  guest: 'provider-viewer' | 'customer-viewer' | 'fleet-owner',
  organization: Organization,
  role: 'owner' | 'viewer',
): Promise<void> {
  const { providers, customers } = await organizationsOf(cast, guest);
  const id = organization.customerId ?? organization.providerId;
  if ([...providers, ...customers].some((one) => one.id === id)) return;
  await invite(cast, host, guest, organization, role);
}

async function ensureProvider(cast: Cast): Promise<string> {
  const { providers } = await organizationsOf(cast, 'new-provider');
  if (providers[0]) return providers[0].slug;
  const body = { name: 'Northwind', slug: 'northwind' };
  return (await ask<{ slug: string }>(cast['new-provider'].request, 'account.createProvider', body)).slug;
}

async function ensureCustomer(cast: Cast, providerSlug: string): Promise<string> {
  const { customers } = await organizationsOf(cast, 'new-customer');
  if (customers[0]) return customers[0].id;
  const body = { name: 'Cobalt', providerSlug };
  return (await ask<{ id: string }>(cast['new-customer'].request, 'account.becomeCustomer', body)).id;
}

async function ensureInvitation(cast: Cast, provider: Organization): Promise<string> {
  const known = mailedTokenNow(GUEST, 'invitation');
  if (known !== null) return known;
  await ask(cast['provider-owner'].request, 'member.invite', { email: GUEST, role: 'viewer' }, provider);
  return ensureInvitation(cast, provider);
}

async function whatAcmeSells(management: Management) {
  const api = first((await done(management.GET('/apis'))).items, 'API');
  const path = { apiId: api.id };
  const routes = (await done(management.GET('/apis/{apiId}/routes', { params: { path, query: { limit: 200 } } })))
    .items;
  const plans = (await done(management.GET('/plans', { params: { query: { limit: 200 } } }))).items;
  await ensurePolicies(management, api.id);
  const terms = termsOf({ rateLimit: { limit: 50, windowSeconds: 60 } });
  const draft =
    plans.find(({ key }) => key === 'team') ??
    (await done(management.POST('/plans', { body: { key: 'team', name: 'Team', terms } })));
  return {
    apiId: api.id,
    routes: {
      chat: first(
        routes.filter(({ method }) => method === 'POST'),
        'chat route',
      ).id,
      paid: first(
        routes.filter(({ pathTemplate }) => pathTemplate === '/weather'),
        'paid route',
      ).id,
    },
    plans: { pro: named(plans, 'Pro').id, draft: draft.id },
  };
}

/** Policies that refuse nobody: the demo's own traffic goes on. */
async function ensurePolicies(management: Management, apiId: string): Promise<void> {
  const params = { path: { apiId } };
  const { policies } = await done(management.GET('/apis/{apiId}/policies', { params }));
  if (policies.length > 0) return;
  const limit = { type: 'rate-limit', options: { limit: 600, by: 'ip' }, shadow: true };
  const validation = { type: 'request-validation', options: {}, shadow: true };
  const headers = { type: 'headers', options: { stripResponse: ['server'] }, shadow: false };
  await done(management.PUT('/apis/{apiId}/policies', { params, body: { policies: [limit, validation, headers] } }));
}

async function whatHappened(management: Management, customerId: string) {
  const callOf = async (status: 'ok' | 'error') => {
    const params = { query: { status, customerId, limit: 1 } };
    return first((await done(management.GET('/events', { params }))).items, `call with status ${status}`).id;
  };
  const payments = await done(management.GET('/payments', { params: { query: { limit: 1 } } }));
  return {
    calls: { answered: await callOf('ok'), failed: await callOf('error') },
    paymentId: first(payments.items, 'payment').id,
  };
}

/** `busy` has budget, keys and calls; `idle` has none of them. */
async function agentsOf(management: Management, busyCustomerId: string, idleCustomerId: string) {
  const list = async (customerId: string) =>
    (await done(management.GET('/agents', { params: { query: { customerId, limit: 200 } } }))).items;
  const idle = (await list(idleCustomerId)).filter(({ activeKeys }) => activeKeys === 0);
  return { busy: named(await list(busyCustomerId), 'research-scout').id, idle: first(idle, 'idle agent').id };
}
