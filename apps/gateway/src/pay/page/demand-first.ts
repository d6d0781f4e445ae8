import { PROBLEMS, type Problem } from '@tollwright/core';
import type { Challenge, Quoted } from '@tollwright/payments';
import { apiUrl } from '../../discovery/operation.ts';
import type { Visit } from '../../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../../snapshot/compiled-api.ts';
import type { OwnDiscount } from '../discount/discount-members.ts';
import { planMembers } from '../other-ways.ts';
import { demandPayment } from '../replies.ts';
import { paymentPage } from './payment-page.ts';
import { PAGE_POLICY } from './style.ts';
import { wantsPage } from './wants-page.ts';

/** What is for sale at an address. */
export interface Sold extends Quoted {
  readonly api: CompiledApi;
  readonly route: CompiledRoute;
  readonly discount: OwnDiscount | null;
}

/** Answers a call that paid nothing: 402 with every offer, as a page for people and as a problem for programs. */
export function demandFirst(visit: Visit, sold: Sold, challenge: Challenge, problem: Problem): void {
  const varied = { ...challenge, headers: [...challenge.headers, ['vary', 'accept'] as const] };
  const { accept } = visit.request.headers;
  if (!wantsPage(visit.method, typeof accept === 'string' ? accept : undefined)) {
    demandPayment(visit, varied, problem);
    return;
  }
  const { gateway, response, requestId } = visit;
  if (response.headersSent || response.destroyed) return;
  gateway.metrics.problem(problem.slug);
  const page = pageOf(visit, sold);
  response.writeHead(PROBLEMS[problem.slug].status, [
    ...['content-type', 'text/html; charset=utf-8', 'content-length', String(Buffer.byteLength(page))],
    ...['cache-control', 'no-store', 'x-request-id', requestId],
    ...['content-security-policy', PAGE_POLICY, 'x-content-type-options', 'nosniff', 'referrer-policy', 'no-referrer'],
    ...varied.headers.flat(),
  ]);
  response.end(visit.method === 'HEAD' ? undefined : page);
}

function pageOf(visit: Visit, { api, route, offers, leftOut, discount }: Sold): string {
  const { gateway, method, path, query, requestId } = visit;
  const { operationId, summary } = route.route;
  return paymentPage({
    apiName: api.snapshot.apiName,
    summary: (summary ?? operationId).replace(/\.$/, ''),
    ...{ method: method === 'HEAD' ? 'GET' : method, url: `${gateway.gatewayUrl}${path}${query}` },
    ...{ offers, leftOut, discount, plans: planMembers(gateway, api), requestId, portalUrl: gateway.portalUrl },
    openApiUrl: `${apiUrl(gateway, api)}/openapi.json`,
    livemode: api.snapshot.livemode,
  });
}
