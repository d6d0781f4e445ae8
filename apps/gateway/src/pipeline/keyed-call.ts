import type { Problem } from '@tollwright/core';
import { countsTokens, type PresentedKey } from '@tollwright/policies';
import { StateUnavailable } from '@tollwright/state';
import { pricedBodyProblem, readBody } from '../http/read-body.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import type { Subject } from './decide.ts';
import { forward } from './forward.ts';
import { reserve } from './reserve.ts';
import { refuse, STATE_AWAY, type Visit } from './visit.ts';

type Identified =
  | { readonly kind: 'known'; readonly subject: Subject }
  | { readonly kind: 'refused'; readonly problem: Problem };

const NO_BYTES = Buffer.alloc(0);

/** Serves a call that shows a key: identify, guard and entitle, reserve, forward. */
export async function serveKeyed(
  visit: Visit,
  api: CompiledApi,
  route: CompiledRoute,
  key: Extract<PresentedKey, { kind: 'key' }>,
): Promise<void> {
  const { request, gateway } = visit;
  const identified = await identify(visit, api, route, key.key);
  if (identified.kind === 'refused') return refuse(visit, identified.problem);
  const isRead = countsTokens(route.rule);
  const taken = readBody(request, route.route.bodyBytesMax, isRead);
  const body = taken instanceof Promise ? await taken : taken;
  if (body.kind === 'refused') return refuse(visit, body.problem);
  const misread = isRead ? pricedBodyProblem(request, body) : null;
  if (misread !== null) return refuse(visit, misread);
  const bytes = body.kind === 'buffered' ? body.bytes : body.kind === 'none' ? NO_BYTES : null;
  const reply = await reserve(visit, identified.subject, bytes, (subject, stale) => {
    return refresh(visit, subject, stale, key.key);
  });
  if (reply.kind === 'refused') return refuse(visit, reply.problem, { headers: reply.headers });
  gateway.running++;
  try {
    await forward(visit, reply, body);
  } finally {
    gateway.running--;
  }
}

async function identify(visit: Visit, api: CompiledApi, route: CompiledRoute, key: string): Promise<Identified> {
  const { gateway, startedAtMs } = visit;
  try {
    const found = gateway.principals.find(key, startedAtMs);
    const principal = found instanceof Promise ? await found : found;
    const decision = gateway.apiKey.decide(principal, api.snapshot, Date.now());
    if (decision.kind === 'refused') return decision;
    return principal === null
      ? { kind: 'refused', problem: STATE_AWAY }
      : { kind: 'known', subject: { api, route, principal } };
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    return { kind: 'refused', problem: STATE_AWAY };
  }
}

/** The store knows a newer version of what the call was decided on: fetches it and looks the call up again. */
async function refresh(visit: Visit, subject: Subject, stale: string, key: string) {
  const { gateway } = visit;
  const { apiId } = subject.api.snapshot;
  try {
    if (stale.startsWith('api:')) await gateway.source.refresh(apiId);
    else gateway.principals.invalidate(subject.principal.customer.customerId);
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    return { kind: 'refused' as const, problem: STATE_AWAY };
  }
  const api = gateway.registry.byId(apiId);
  const { pathTemplate } = subject.route;
  const route = api?.router.match(visit.method, pathWithin(visit, subject.api));
  if (!api || route?.kind !== 'matched' || route.route.pathTemplate !== pathTemplate) {
    const problem: Problem = { slug: 'unknown-route', detail: 'This route has just been changed or removed.' };
    return { kind: 'refused' as const, problem };
  }
  const identified = await identify(visit, api, route.route, key);
  return identified.kind === 'refused' ? identified : { kind: 'fresh' as const, subject: identified.subject };
}

function pathWithin({ path }: Visit, { snapshot }: CompiledApi): string {
  return path.slice(snapshot.providerSlug.length + snapshot.apiSlug.length + 2) || '/';
}
