import { Agent, type Dispatcher, request } from 'undici';
import { type ConnectorOptions, createConnector } from './connector.ts';
import { EgressFailed, EgressRefused } from './egress-error.ts';
import { follow, type Hop, isRedirect } from './redirect.ts';
import { parseTarget } from './target.ts';

/** Limits and content of one request. */
export interface EgressInit {
  /** Default GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** For the whole exchange, redirects and body included. Default 10,000. */
  readonly timeoutMs?: number;
  /** Largest answer accepted. Default 1 MiB. */
  readonly bodyBytesMax?: number;
  /** Redirects followed, each judged anew. Default 3. */
  readonly redirectsMax?: number;
  /**
   * The answer is noted, not used: its body is cut at bodyBytesMax, or where it breaks off; a coded one is left unread; a redirect
   * is an answer like any other. Default false.
   */
  readonly isNoted?: boolean;
  readonly signal?: AbortSignal;
}

/** The one way out to an address that a user named. */
export interface Egress {
  /**
   * Requests an address and returns the whole answer, already within its limits; `url` is the last one requested.
   * Rejects with EgressRefused or EgressFailed.
   */
  fetch(address: string | URL, init?: EgressInit): Promise<Response>;
  /** For libraries that take an undici dispatcher: same addresses, but without the limits of `fetch`. */
  readonly dispatcher: Dispatcher;
  /** Closes the sockets. */
  close(): Promise<void>;
}

const TIMEOUT_MS_DEFAULT = 10_000;
const BODY_BYTES_MAX_DEFAULT = 1_048_576;
const REDIRECTS_MAX_DEFAULT = 3;
const NULL_BODY_STATUSES: ReadonlySet<number> = new Set([204, 205, 304]);

/** Opens an egress. `allow` names the loopback ports that a local launcher opened; empty in production. `operatorUrls` are those of its configuration. */
export function createEgress(options: ConnectorOptions): Egress {
  const dispatcher = new Agent({ connect: createConnector(options), keepAliveTimeout: 4_000 });
  return {
    dispatcher,
    fetch: (address, init = {}) => exchange(dispatcher, address, init),
    close: () => dispatcher.close(),
  };
}

async function exchange(dispatcher: Dispatcher, address: string | URL, init: EgressInit): Promise<Response> {
  const timeout = AbortSignal.timeout(init.timeoutMs ?? TIMEOUT_MS_DEFAULT);
  const signal = init.signal ? AbortSignal.any([timeout, init.signal]) : timeout;
  const bodyBytesMax = init.bodyBytesMax ?? BODY_BYTES_MAX_DEFAULT;
  const redirectsMax = init.redirectsMax ?? REDIRECTS_MAX_DEFAULT;
  let hop = firstHop(address, init);
  for (let redirects = 0; ; redirects += 1) {
    const answer = await send(dispatcher, hop, signal, timeout);
    const location = headerOf(answer, 'location');
    if (init.isNoted === true) return buildResponse(answer, hop.url, await readBeginning(answer, bodyBytesMax));
    if (!isRedirect(answer.statusCode, location)) return await toResponse(answer, hop, bodyBytesMax, timeout);
    answer.body.on('error', () => undefined).destroy();
    if (redirects >= redirectsMax) {
      throw new EgressRefused('redirects', `${hop.url.host} redirects more than ${redirectsMax} times`);
    }
    hop = follow(hop, answer.statusCode, location);
  }
}

function firstHop(address: string | URL, init: EgressInit): Hop {
  const given = Object.entries(init.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    url: parseTarget(address),
    method: (init.method ?? 'GET').toUpperCase(),
    headers: { 'user-agent': 'tollwright', ...Object.fromEntries(given), 'accept-encoding': 'identity' },
    body: init.body ?? null,
  };
}

async function send(
  dispatcher: Dispatcher,
  hop: Hop,
  signal: AbortSignal,
  timeout: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  try {
    return await request(hop.url, { dispatcher, signal, method: hop.method, headers: hop.headers, body: hop.body });
  } catch (error) {
    throw failureOf(error, hop.url, timeout);
  }
}

async function toResponse(
  answer: Dispatcher.ResponseData,
  hop: Hop,
  bodyBytesMax: number,
  timeout: AbortSignal,
): Promise<Response> {
  const bytes = await readBody(answer, hop.url, bodyBytesMax).catch((error: unknown) => {
    throw failureOf(error, hop.url, timeout);
  });
  try {
    return buildResponse(answer, hop.url, bytes);
  } catch (error) {
    throw new EgressFailed('protocol', hop.url.host, error);
  }
}

function buildResponse(answer: Dispatcher.ResponseData, url: URL, bytes: Uint8Array<ArrayBuffer>): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one);
  }
  const body = NULL_BODY_STATUSES.has(answer.statusCode) ? null : bytes;
  const response = new Response(body, { status: answer.statusCode, headers });
  Object.defineProperty(response, 'url', { value: url.href });
  return response;
}

async function readBody(
  answer: Dispatcher.ResponseData,
  url: URL,
  bodyBytesMax: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = headerOf(answer, 'content-encoding');
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    answer.body.on('error', () => undefined).destroy();
    throw new EgressRefused('content-encoding', `${url.host} answered in ${encoding}, identity was asked for`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) {
      throw new EgressRefused('body-too-large', `${url.host} answered more than ${bodyBytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** As much of an answer as there is within the limit. What its status says stands, whatever its body does. */
async function readBeginning(answer: Dispatcher.ResponseData, bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = headerOf(answer, 'content-encoding')?.toLowerCase() ?? 'identity';
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    if (encoding === 'identity') {
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        chunks.push(chunk.subarray(0, bytesMax - bytes));
        bytes += chunk.length;
        if (bytes >= bytesMax) break;
      }
    }
  } catch {
    // It broke off, or took too long.
  }
  answer.body.on('error', () => undefined).destroy();
  return new Uint8Array(Buffer.concat(chunks));
}

function headerOf(answer: Dispatcher.ResponseData, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function failureOf(error: unknown, url: URL, timeout: AbortSignal): Error {
  if (error instanceof EgressRefused) return error;
  if (timeout.aborted) return new EgressFailed('timeout', url.host, error);
  const aborted = error instanceof Error && error.name === 'AbortError';
  return new EgressFailed(aborted ? 'aborted' : 'unreachable', url.host, error);
}
