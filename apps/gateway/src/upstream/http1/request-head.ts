import { InvalidRequest } from './malformed.ts';

/** How the body of a request is framed. `none` is said by a length of 0 where a server would wait for a body. */
export type RequestFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' };

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const TARGET = /^\/[\x21-\x7e\x80-\xff]*$/;
const VALUE_FORBIDDEN = /[^\t\x20-\x7e\x80-\xff]/;
/** What only the client itself may say, since it decides where the request ends and what becomes of the connection. */
const OWN: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const EXPECTS_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/**
 * The head of a request as latin1 text, its empty line included. `headers` is a flat list of names and values with one
 * `host`. Throws InvalidRequest for whatever could end a line early or frame the request a second time.
 */
export function requestHead(
  request: { readonly method: string; readonly target: string; readonly headers: readonly string[] },
  framing: RequestFraming,
): string {
  const { method, target, headers } = request;
  if (!TOKEN.test(method) || method === 'CONNECT') throw new InvalidRequest('its method');
  if (!TARGET.test(target)) throw new InvalidRequest('its target');
  let text = `${method} ${target} HTTP/1.1\r\n`;
  let hosts = 0;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] as string;
    const value = headers[i + 1] as string;
    const lower = name.toLowerCase();
    if (lower === 'host') hosts += 1;
    if (OWN.has(lower) || !TOKEN.test(name)) throw new InvalidRequest(`the header name ${JSON.stringify(name)}`);
    if (VALUE_FORBIDDEN.test(value)) throw new InvalidRequest(`the value of ${name}`);
    text += `${name}: ${value}\r\n`;
  }
  if (hosts !== 1) throw new InvalidRequest('it needs one host header');
  switch (framing.kind) {
    case 'none':
      return EXPECTS_BODY.has(method) ? `${text}content-length: 0\r\n\r\n` : `${text}\r\n`;
    case 'length':
      return `${text}content-length: ${framing.bytes}\r\n\r\n`;
    case 'chunked':
      return `${text}transfer-encoding: chunked\r\n\r\n`;
  }
}
