import { bearer, type ChatRequest, chatBody, type Gateway } from '../agent-calls.ts';
import { eventually } from '../eventually.ts';
import { done, type Management } from '../management.ts';
import type { NewProvider } from '../people.ts';
import { freshName, makePlan, makeSubscriber, type PublishedPlan, type Subscriber, type Terms } from '../subscriber.ts';
import { type Answers, atGateway } from './answers.ts';
import type { Market, UpstreamSettings } from './market.ts';

const FELT_MS_MAX = 30_000;
const SETTLED_MS_MAX = 30_000;
const BEACON_HEADER = 'x-beacon';

/** A policy as it is set; options that are left out are its defaults. */
export interface Policy {
  readonly type: string;
  readonly options?: Record<string, unknown>;
  readonly shadow?: boolean;
}

/** What stands at the API and its routes (by operation id). */
export interface Wanted {
  readonly api?: readonly Policy[];
  readonly route?: Readonly<Record<string, Policy[]>>;
  readonly upstream?: Partial<UpstreamSettings>;
}

export interface CallOptions {
  readonly gateway?: Gateway;
  readonly headers?: Record<string, string>;
}

/** What a scenario is played on: policies are set, customers come, calls are made and noted. */
export interface Stage {
  readonly management: Management;
  readonly provider: NewProvider;
  /** Sets policies, and returns when both gateways have heard of them. What is not named is as at the beginning. */
  set(wanted: Wanted): Promise<void>;
  /** A customer of all scenarios, for those that count nothing. */
  readonly regular: Subscriber;
  /** A new customer: on the plan that limits nothing, unless terms are given. */
  subscriber(given?: { readonly terms?: Partial<Terms>; readonly agentBudgetNanoUsd?: bigint }): Promise<Subscriber>;
  /** A customer whose plan has these policies. */
  onPlan(policies: readonly Policy[], terms?: Partial<Terms>): Promise<Subscriber>;
  /** Waits until nothing is held for a customer: its calls are charged, and their places are free. */
  settled(of: Subscriber): Promise<void>;
  /** Another key of a customer; of its first agent unless an agent is named. */
  key(of: Subscriber, given?: KeyOptions): Promise<string>;
  /** Another agent of a customer. Its id. */
  agent(of: Subscriber): Promise<string>;
  /** A GET without a price for strangers. */
  quote(key: string | null, options?: CallOptions): Promise<Response>;
  /** A GET that strangers may pay for. */
  weather(key: string | null, options?: CallOptions): Promise<Response>;
  chat(key: string, request?: ChatRequest, options?: CallOptions): Promise<Response>;
  /** Any other call of the API. */
  call(path: string, init: RequestInit, gateway?: Gateway): Promise<Response>;
  urlOf(path: string): string;
  /** Notes an answer that another client got. */
  note(answer: Response): Response;
}

export interface KeyOptions {
  readonly agentId?: string;
  readonly scopes?: string[];
  readonly metadata?: Record<string, string>;
  readonly budget?: { limitNanoUsd: string; period: 'month' };
}

/** Makes stages on one market; each stage notes its calls in answers of its own. */
export async function openTheatre(market: Market): Promise<(answers: Answers) => Stage> {
  const { management, provider, api } = market;
  const plan = await makePlan(management);
  const regular = await makeSubscriber(management, { plan });
  const publish = createBeacon(market, regular.key);
  const forward = createForwarding(market);
  let dirty: readonly string[] = [];
  const set: Stage['set'] = async (wanted) => {
    const route = wanted.route ?? {};
    const routes = new Set([...dirty, ...Object.keys(route)]);
    dirty = Object.keys(route);
    const path = { apiId: api.id };
    await done(management.PUT('/apis/{apiId}/policies', { params: { path }, body: bodyOf(wanted.api ?? []) }));
    for (const operation of routes) {
      const params = { path: { ...path, routeId: api.routes.get(operation) ?? '' } };
      const body = bodyOf(route[operation] ?? []);
      await done(management.PUT('/apis/{apiId}/routes/{routeId}/policies', { params, body }));
    }
    await forward(wanted.upstream ?? null);
    await publish();
  };
  return (answers) => ({
    management,
    provider,
    set,
    regular,
    ...customers(market, plan, publish),
    ...calls(market, answers),
  });
}

/** Sets how the API is forwarded; null brings back what it began with. */
function createForwarding({ management, api }: Market): (wanted: Partial<UpstreamSettings> | null) => Promise<void> {
  const params = { path: { apiId: api.id } };
  let changed = false;
  return async (wanted) => {
    if (wanted === null && !changed) return;
    await done(management.PATCH('/apis/{apiId}', { params, body: { ...api.upstream, ...wanted } }));
    changed = wanted !== null;
  };
}

function bodyOf(policies: readonly Policy[]) {
  return { policies: policies.map(configOf) };
}

function configOf({ type, options = {}, shadow = false }: Policy) {
  return { type, options, shadow };
}

/**
 * Publishes a change of the beacon, and waits until both gateways show it. Gateways follow the log of changes in order:
 * what was published before is in force then.
 */
function createBeacon({ management, beacon }: Market, key: string): () => Promise<void> {
  const params = { path: { apiId: beacon.id } };
  const shownAt = async (gateway: Gateway) => {
    const answer = await fetch(`${atGateway(beacon.baseUrl, gateway)}/v1/models`, { headers: bearer(key) });
    return answer.headers.get(BEACON_HEADER);
  };
  let light = 0;
  return async () => {
    const wanted = String(++light);
    const policy = { type: 'headers', options: { setResponse: { [BEACON_HEADER]: wanted } } };
    await done(management.PUT('/apis/{apiId}/policies', { params, body: bodyOf([policy]) }));
    for (const gateway of [0, 1] as const) {
      await eventually(`gateway ${gateway} has heard of the change`, FELT_MS_MAX, async () =>
        (await shownAt(gateway)) === wanted ? true : null,
      );
    }
  };
}

function customers({ management }: Market, plan: PublishedPlan, publish: () => Promise<void>) {
  const subscriber: Stage['subscriber'] = async (given = {}) => {
    if (given.terms === undefined) return makeSubscriber(management, { plan, ...given });
    const made = await makeSubscriber(management, given);
    await publish();
    return made;
  };
  return {
    subscriber,
    onPlan: (policies: readonly Policy[], terms: Partial<Terms> = {}) =>
      subscriber({ terms: { ...terms, policies: policies.map(configOf) } as Partial<Terms> }),
    settled: ({ customerId }: Subscriber) =>
      eventually('nothing is held', SETTLED_MS_MAX, async () => {
        const { items } = await done(management.GET('/budgets', { params: { query: { customerId } } }));
        return items.every(({ now }) => now?.heldNanoUsd === '0') ? true : null;
      }).then(() => undefined),
    async key({ customerId, agentId }: Subscriber, given: KeyOptions = {}) {
      const body = { customerId, agentId, name: freshName('key'), ...given };
      return (await done(management.POST('/keys', { body }))).key;
    },
    async agent({ customerId }: Subscriber) {
      return (await done(management.POST('/agents', { body: { customerId, name: freshName('agent') } }))).id;
    },
  };
}

function calls(
  { api }: Market,
  answers: Answers,
): Pick<Stage, 'quote' | 'weather' | 'chat' | 'call' | 'urlOf' | 'note'> {
  const call: Stage['call'] = async (path, init, gateway = 0) =>
    answers.note(await fetch(`${atGateway(api.baseUrl, gateway)}${path}`, init));
  const get =
    (path: string) =>
    (key: string | null, options: CallOptions = {}) =>
      call(path, { headers: headersOf(key, options) }, options.gateway);
  return {
    call,
    urlOf: (path) => `${api.baseUrl}${path}`,
    note: answers.note,
    quote: get('/quotes/ACME'),
    weather: get('/weather?city=Lisbon'),
    chat: (key, request = {}, options = {}) => {
      const headers = { ...headersOf(key, options), 'content-type': 'application/json' };
      return call('/v1/chat/completions', { method: 'POST', headers, body: chatBody(request) }, options.gateway);
    },
  };
}

function headersOf(key: string | null, { headers = {} }: CallOptions): Record<string, string> {
  return key === null ? headers : { ...bearer(key), ...headers };
}
