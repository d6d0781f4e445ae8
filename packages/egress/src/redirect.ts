import { EgressRefused } from './egress-error.ts';
import { parseTarget } from './target.ts';

/** One request on the wire; a redirect turns it into the next one. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
}

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const HEADERS_KEPT_ACROSS_ORIGINS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'content-type',
  'user-agent',
]);

/** True when an answer asks the client to go elsewhere. */
export function isRedirect(status: number, location: string | undefined): location is string {
  return location !== undefined && REDIRECT_STATUSES.has(status);
}

/**
 * The request that follows a redirect. Another origin is told nothing but content negotiation, so that no credential
 * header leaks whatever its name is. Throws EgressRefused for a step from https to http or a bad address.
 */
export function follow(hop: Hop, status: number, location: string): Hop {
  const url = parseTarget(location, hop.url);
  if (hop.url.protocol === 'https:' && url.protocol === 'http:') {
    throw new EgressRefused('redirect-downgrade', `${hop.url.host} redirects to plain http`);
  }
  const sameOrigin = url.origin === hop.url.origin;
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST';
  if (!becomesGet && !sameOrigin && hop.body !== null) {
    throw new EgressRefused('redirects', `${hop.url.host} redirects a request body to another origin`);
  }
  const kept = Object.entries(hop.headers).filter(([name]) => {
    if (becomesGet && name.startsWith('content-')) return false;
    return sameOrigin || HEADERS_KEPT_ACROSS_ORIGINS.has(name);
  });
  return {
    url,
    method: becomesGet ? 'GET' : hop.method,
    headers: Object.fromEntries(kept),
    body: becomesGet ? null : hop.body,
  };
}
