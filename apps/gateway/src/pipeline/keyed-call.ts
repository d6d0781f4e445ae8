import type { Problem } from '@tollwright/core';
import { countsTokens, type PresentedKey } from '@tollwright/policies';
import { StateUnavailable } from '@tollwright/state';
import { type Guard, guardOf, runHead } from '../guard/guard.ts';
import { type Body, type BodyReply, mediaProblem, pricedBodyProblem, readBody } from '../http/read-body.ts';
import { beginCall } from '../idempotency/begin-call.ts';
import { shownKey } from '../idempotency/idempotency-key.ts';
import type { KeptCall } from '../idempotency/kept-call.ts';
import { budgetRefusal } from '../pay/budget-refusal.ts';
import { serveStranger, takesPayment } from '../pay/stranger-call.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import type { Subject } from './decide.ts';
import { forward } from './forward.ts';
import { noteShadows, type RefusedSubject, refuseKeyed } from './note-decision.ts';
import { type Refresh, reserve } from './reserve.ts';
import { STATE_AWAY, type Visit } from './visit.ts';

type Identified =
  | { readonly kind: 'known'; readonly subject: Subject }
  | { readonly kind: 'refused'; readonly problem: Problem; readonly subject: RefusedSubject };

const NO_BYTES = Buffer.alloc(0);

/** Serves a call that shows a key: identify, guard and entitle, reserve, forward. */
export async function serveKeyed(
  visit: Visit,
  api: CompiledApi,
  route: CompiledRoute,
  key: Extract<PresentedKey, { kind: 'key' }>,
): Promise<void> {
  const identified = await identify(visit, api, route, key.key);
  if (identified.kind === 'refused') return refuseKeyed(visit, identified);
  const { subject } = identified;
  const shown = shownKey(visit.request.headers);
  if (shown.kind === 'refused') return refuseKeyed(visit, { ...shown, subject });
  const taken = takeBody(visit, route, subject.guard, shown.kind === 'key');
  const body = taken instanceof Promise ? await taken : taken;
  if (body.kind === 'refused') return refuseKeyed(visit, { ...body, subject });
  const kept = shown.kind === 'key' ? await begin(visit, subject, shown.key, body) : null;
  if (kept === 'ended') return;
  try {
    await decideAndForward(visit, { subject, body, kept }, key.key);
  } finally {
    // Whatever was not forwarded, or broke on its way there, may be asked for again; what has ended stays so.
    await kept?.free();
  }
}

interface Taken {
  readonly subject: Subject;
  readonly body: Body;
  readonly kept: KeptCall | null;
}

/** Begins a call under its idempotency key; `ended` when it was answered by what became of the first one. */
async function begin(visit: Visit, subject: Subject, key: string, body: Body): Promise<KeptCall | 'ended'> {
  const begun = await beginCall(visit, subject, key, body.kind === 'buffered' ? body.bytes : null);
  if (begun.kind === 'begun') return begun.call;
  if (begun.kind === 'refused') refuseKeyed(visit, { problem: begun.problem, subject });
  return 'ended';
}

async function decideAndForward(visit: Visit, taken: Taken, key: string): Promise<void> {
  const { gateway } = visit;
  const { subject, body, kept } = taken;
  const bytes = body.kind === 'buffered' ? body.bytes : body.kind === 'none' ? NO_BYTES : null;
  const reply = await reserve(visit, subject, bytes, async (before, stale) => {
    const fresh = await refresh(visit, before, stale, key);
    return body.kind === 'stream' ? unread(fresh) : fresh;
  });
  if (reply.kind !== 'granted') await kept?.free();
  if (reply.kind === 'pay-per-call' && takesPayment(visit, reply.subject.api, reply.subject.route)) {
    const { problem, subject: decided } = reply;
    const barred = await budgetRefusal(visit, decided);
    if (barred !== null) return refuseKeyed(visit, { ...barred, subject: decided });
    const said = problem.slug === 'credits-exhausted' ? { problem } : {};
    return serveStranger(visit, decided.api, decided.route, { principal: decided.principal, body, ...said });
  }
  if (reply.kind !== 'granted') return refuseKeyed(visit, reply);
  noteShadows(visit, reply.call.api, reply.call.guard);
  gateway.running++;
  try {
    await forward(visit, reply, body, kept);
  } finally {
    reply.leave?.();
    gateway.running--;
  }
}

/** A policy that has just come wants to read a body that is a stream already: such a call is made again. */
function unread(fresh: Awaited<ReturnType<Refresh>>): Awaited<ReturnType<Refresh>> {
  const reads = fresh.kind === 'fresh' && fresh.subject.guard?.set.readsBody === true;
  return reads ? { kind: 'refused', problem: STATE_AWAY, subject: fresh.subject } : fresh;
}

async function identify(visit: Visit, api: CompiledApi, route: CompiledRoute, key: string): Promise<Identified> {
  const { gateway, startedAtMs } = visit;
  try {
    const found = gateway.principals.find(key, startedAtMs);
    const principal = found instanceof Promise ? await found : found;
    const decision = api.apiKey.decide(principal, api.snapshot, Date.now());
    if (decision.kind === 'refused') return { ...decision, subject: { api, route, principal: null, guard: null } };
    if (principal === null) return away(api, route);
    const guard = guardOf(visit, api, route, principal);
    const problem = guard === null ? null : runHead(guard);
    const subject = { api, route, principal, guard, atMs: startedAtMs };
    return problem === null ? { kind: 'known', subject } : { kind: 'refused', problem, subject };
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    return away(api, route);
  }
}

function away(api: CompiledApi, route: CompiledRoute): Identified {
  return { kind: 'refused', problem: STATE_AWAY, subject: { api, route, principal: null, guard: null } };
}

/** The body, buffered where a price or a policy depends on it, or where it has to be whole. */
function takeBody(
  { request }: Visit,
  { route, rule }: CompiledRoute,
  guard: Guard | null,
  isWhole: boolean,
): BodyReply | Promise<BodyReply> {
  const isPriced = countsTokens(rule);
  const isRead = isPriced || guard?.set.readsBody === true;
  const bytesMax = Math.min(route.bodyBytesMax, guard?.bodyBytesMax ?? route.bodyBytesMax);
  const taken = readBody(request, bytesMax, isRead, isRead || isWhole);
  const judged = (body: BodyReply): BodyReply => {
    if (body.kind === 'refused' || !isRead) return body;
    const problem = isPriced ? pricedBodyProblem(request, body) : policyBodyProblem(request, body);
    return problem === null ? body : { kind: 'refused', problem };
  };
  return taken instanceof Promise ? taken.then(judged) : judged(taken);
}

function policyBodyProblem({ headers }: Visit['request'], body: Body): Problem | null {
  return body.kind === 'buffered' ? mediaProblem(headers['content-type']) : null;
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
    return { kind: 'refused' as const, problem: STATE_AWAY, subject };
  }
  const api = gateway.registry.byId(apiId);
  const { pathTemplate } = subject.route;
  const route = api?.router.match(visit.method, pathWithin(visit, subject.api));
  if (!api || route?.kind !== 'matched' || route.route.pathTemplate !== pathTemplate) {
    const problem: Problem = { slug: 'unknown-route', detail: 'This route has just been changed or removed.' };
    return { kind: 'refused' as const, problem, subject };
  }
  const identified = await identify(visit, api, route.route, key);
  return identified.kind === 'refused' ? identified : { kind: 'fresh' as const, subject: identified.subject };
}

function pathWithin({ path }: Visit, { snapshot }: CompiledApi): string {
  return path.slice(snapshot.providerSlug.length + snapshot.apiSlug.length + 2) || '/';
}
