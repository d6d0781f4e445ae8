import type { ServerResponse } from 'node:http';
import type { Problem } from '@tollwright/core';
import { INVALID_KEY } from '@tollwright/policies';
import { Superseded } from '@tollwright/state';
import { serveCredits } from '../credits/serve-credits.ts';
import { CREDITS_PATH } from '../credits/top-up-members.ts';
import { serveDiscovery } from '../discovery/serve-discovery.ts';
import { headProblem } from '../http/head-problem.ts';
import type { LeanRequest } from '../http/lean-request.ts';
import { canonicalTarget } from '../http/target.ts';
import { ME_PATH, serveMe } from '../me/serve-me.ts';
import { managingOf, serveChannel } from '../pay/session/serve-channel.ts';
import { serveStranger } from '../pay/stranger-call.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import type { Gateway } from './gateway.ts';
import { serveKeyed } from './keyed-call.ts';
import { refuseKeyed } from './note-decision.ts';
import { refuse, type Visit } from './visit.ts';

const DRAINING: Problem = { slug: 'draining', detail: 'This gateway is shutting down.' };
const NEEDS_KEY: Problem = { slug: 'invalid-key', detail: 'This route needs an API key.' };
/** Where a head has two readings nobody knows where the next one begins; a gateway that stops takes no next one. */
const CLOSING = { headers: ['connection', 'close'] } as const;

/** A route of the API, or a page of the gateway's own below its address. */
type Matched =
  | { readonly api: CompiledApi; readonly route: CompiledRoute }
  | { readonly api: CompiledApi; readonly route: null; readonly page: OwnPage };
type OwnPage = (visit: Visit, api: CompiledApi) => Promise<void>;

const OWN_PAGES: ReadonlyMap<string, OwnPage> = new Map([
  [ME_PATH, serveMe],
  [CREDITS_PATH, serveCredits],
]);

/** Serves one request: match, then by key or as a stranger. Never throws; what is unexpected becomes a 500. */
export async function serve(gateway: Gateway, request: LeanRequest, response: ServerResponse): Promise<void> {
  const target = canonicalTarget(request.url ?? '');
  const visit = visitOf(gateway, request, response, target.kind === 'canonical' ? target : { path: '/', query: '' });
  gateway.visits.add(visit);
  let matched: Matched | null = null;
  try {
    const misread = headProblem(request);
    if (misread !== null) return refuse(visit, misread, CLOSING);
    if (target.kind === 'ambiguous') {
      return refuse(visit, { slug: 'invalid-target', detail: `The target cannot be forwarded: ${target.detail}.` });
    }
    const managing = managingOf(visit);
    matched = managing ?? match(visit);
    if (matched === null) return;
    if (gateway.draining) return refuseDraining(visit, matched);
    await (managing === null ? identifyAndServe(visit, matched) : serveChannel(managing));
  } catch (error) {
    if (error instanceof Superseded) gateway.onSuperseded();
    if (request.destroyed && !response.writable) return;
    gateway.log.error({ err: error, requestId: visit.requestId }, 'a call failed in the gateway');
    if (response.headersSent) response.destroy();
    else refuse(visit, { slug: 'internal', detail: 'The gateway failed to serve this call. Nothing was charged.' });
  } finally {
    gateway.visits.delete(visit);
    if (visit.span !== null) endSpan(visit, matched);
  }
}

function refuseDraining(visit: Visit, { api, route }: Matched): void {
  if (route === null) refuse(visit, DRAINING, CLOSING);
  else refuseKeyed(visit, { problem: DRAINING, subject: { api, route, principal: null, guard: null }, ...CLOSING });
}

function endSpan({ span, response, requestId }: Visit, matched: Matched | null): void {
  const apiId = matched?.api.snapshot.apiId ?? null;
  span?.end({ status: response.statusCode, requestId, apiId, route: matched?.route?.pathTemplate ?? null });
}

function identifyAndServe(visit: Visit, matched: Matched): Promise<void> | void {
  if (matched.route === null) return matched.page(visit, matched.api);
  const { api, route } = matched;
  const shown = api.apiKey.present(visit.request.headers);
  switch (shown.kind) {
    case 'key':
      return serveKeyed(visit, api, route, shown);
    case 'malformed':
      return refuseKeyed(visit, { problem: INVALID_KEY, subject: { api, route, principal: null, guard: null } });
    case 'none':
      if (route.route.strangerPriceNanoUsd !== null || route.ceiling !== null) return serveStranger(visit, api, route);
      return refuseKeyed(visit, { problem: NEEDS_KEY, subject: { api, route, principal: null, guard: null } });
  }
}

function match(visit: Visit): Matched | null {
  const { gateway, method, path } = visit;
  const found = gateway.registry.find(path);
  const reply = found?.api.router.match(method, found.rest);
  if (!found || !reply || reply.kind === 'unknown') {
    const page = found && OWN_PAGES.get(found.rest);
    if (page) return { api: found.api, route: null, page };
    if (serveDiscovery(visit, found)) return null;
    refuse(visit, { slug: 'unknown-route', detail: 'No API is served at this address and path.' });
    return null;
  }
  if (reply.kind === 'method-not-allowed') {
    if (serveDiscovery(visit, found)) return null;
    const allow = reply.allow.join(', ');
    refuse(visit, { slug: 'method-not-allowed', detail: `This path takes ${allow}.` }, { headers: ['allow', allow] });
    return null;
  }
  return { api: found.api, route: reply.route };
}

function visitOf(
  gateway: Gateway,
  request: LeanRequest,
  response: ServerResponse,
  target: { readonly path: string; readonly query: string },
): Visit {
  const { spool } = gateway;
  const number = spool.nextCall();
  return {
    gateway,
    request,
    response,
    requestId: `req_${spool.spoolId.slice(4)}-${number}`,
    eventId: spool.eventId(number),
    method: request.method ?? 'GET',
    path: target.path,
    query: target.query,
    span: gateway.tracing === null ? null : gateway.tracing.begin(request.method ?? 'GET', request.headers),
    startedAtMs: Date.now(),
    startedMark: performance.now(),
  };
}
