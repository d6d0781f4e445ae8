import { hash } from 'node:crypto';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi } from '../snapshot/compiled-api.ts';
import { apiText, gatewayText } from './llms.ts';
import { apiDocument, gatewayDocument } from './openapi.ts';
import { apiUrl, listOperations, type Seller } from './operation.ts';

/** How many APIs the gateway's own documents list, in the order of their addresses. */
const LISTED_MAX = 100;
/** For so long a document is given to all who ask: facilitators come and go, and writing it takes work. */
const KEPT_MS = 1_000;

interface Page {
  readonly text: string;
  readonly tag: string;
  readonly madeAtMs: number;
}

const kept = new WeakMap<object, Map<string, Page>>();

/**
 * Tells what can be bought, at the prices of now: `/openapi.json` and `/llms.txt` of one API, and of the gateway, which has
 * `/.well-known/x402` too. False: the request is for none of them. `found` is null for paths that no API has.
 */
export function serveDiscovery(
  visit: Visit,
  found: { readonly api: CompiledApi; readonly rest: string } | null,
): boolean {
  const { gateway, startedAtMs } = visit;
  const path = found?.rest ?? visit.path;
  const write = found === null ? GATEWAY_PAGES.get(path) : API_PAGES.get(path);
  if (write === undefined || (visit.method !== 'GET' && visit.method !== 'HEAD')) return false;
  const owner = found?.api ?? gateway.registry;
  const pages = kept.get(owner) ?? new Map<string, Page>();
  kept.set(owner, pages);
  let page = pages.get(path);
  if (page === undefined || startedAtMs - page.madeAtMs >= KEPT_MS) {
    const text = write(gateway, found === null ? gateway.registry.list() : [found.api]);
    page = { text, tag: `"${hash('sha256', text, 'hex').slice(0, 32)}"`, madeAtMs: startedAtMs };
    pages.set(path, page);
  }
  answer(visit, path, page);
  return true;
}

type Write = (seller: Seller, apis: readonly CompiledApi[]) => string;

const API_PAGES = new Map<string, Write>([
  ['/openapi.json', (seller, [api]) => (api === undefined ? '' : JSON.stringify(apiDocument(seller, api)))],
  ['/llms.txt', (seller, [api]) => (api === undefined ? '' : apiText(seller, api))],
]);

const GATEWAY_PAGES = new Map<string, Write>([
  ['/openapi.json', (seller, apis) => JSON.stringify(gatewayDocument(seller, forSale(seller, apis).listed))],
  [
    '/llms.txt',
    (seller, apis) => {
      const { listed, omitted } = forSale(seller, apis);
      return gatewayText(seller, listed, omitted);
    },
  ],
  ['/.well-known/x402', (seller, apis) => JSON.stringify({ version: 1, resources: resourcesOf(seller, apis) })],
]);

/** APIs of which a stranger can buy a call. Only they are named to whoever knows no address. */
function forSale(seller: Seller, apis: readonly CompiledApi[]) {
  const selling = apis.filter((api) => listOperations(seller, api).some(({ offers }) => offers.length > 0));
  return { listed: selling.slice(0, LISTED_MAX), omitted: Math.max(0, selling.length - LISTED_MAX) };
}

/** Addresses that x402 pays for as they stand: templates are none. */
function resourcesOf(seller: Seller, apis: readonly CompiledApi[]): string[] {
  const resources = forSale(seller, apis).listed.flatMap((api) =>
    listOperations(seller, api)
      .filter(({ route, offers }) => !route.pathTemplate.includes('{') && offers.some(({ rail }) => rail === 'x402'))
      .map(({ route }) => `${apiUrl(seller, api)}${route.pathTemplate}`),
  );
  return [...new Set(resources)];
}

function answer({ request, response, requestId, method }: Visit, path: string, { text, tag }: Page): void {
  const headers = { etag: tag, 'cache-control': 'public, max-age=300', 'x-request-id': requestId };
  if (request.headers['if-none-match'] === tag) {
    response.writeHead(304, headers);
    response.end();
    return;
  }
  response.writeHead(200, {
    ...headers,
    'content-type': path === '/llms.txt' ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(method === 'HEAD' ? undefined : text);
}
