import { EgressRefused } from './egress-error.ts';

/** Parses the address of a request: http or https, without user name or password. Throws EgressRefused. */
export function parseTarget(address: string | URL, base?: URL): URL {
  const url = parseUrl(address, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new EgressRefused('scheme', `${url.protocol} is neither http: nor https:`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new EgressRefused('credentials-in-url', `the address of ${url.host} carries a user name or password`);
  }
  url.hash = '';
  return url;
}

function parseUrl(address: string | URL, base: URL | undefined): URL {
  try {
    return new URL(address, base);
  } catch {
    throw new EgressRefused(base ? 'redirect-invalid' : 'url-invalid', 'the address is not a URL');
  }
}
