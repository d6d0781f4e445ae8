import type { IncomingHttpHeaders } from 'node:http';

/** Headers that end at a hop, and those that only the gateway may say. */
const STRIPPED = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'set-cookie',
  'clear-site-data',
  'alt-svc',
  'x-request-id',
  'ratelimit',
  'ratelimit-policy',
  'payment',
  'payment-required',
  'payment-response',
  'payment-receipt',
  'payment-signature',
  'payment-authorization',
  'x-payment',
  'x-payment-response',
  'accept-payment',
  'settlement-overrides',
]);

/**
 * The upstream's headers that a caller may see, as a flat list. An upstream can neither speak about payments nor set
 * cookies, which would reach the other tenants of the gateway's host.
 */
export function responseHeaders(headers: IncomingHttpHeaders): string[] {
  const out: string[] = [];
  const listed = connectionListed(headers.connection);
  for (const name in headers) {
    if (STRIPPED.has(name) || name.startsWith('tollwright-') || listed?.has(name)) continue;
    const value = headers[name];
    if (value === undefined) continue;
    if (name === 'www-authenticate' && /payment/i.test(String(value))) continue;
    if (typeof value === 'string') out.push(name, value);
    else for (const item of value) out.push(name, item);
  }
  return out;
}

function connectionListed(value: string | undefined): Set<string> | null {
  if (value === undefined || value === 'keep-alive' || value === 'close') return null;
  return new Set(value.split(',').map((name) => name.trim().toLowerCase()));
}
