import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CallLog, type UpstreamCall } from './call-log.ts';
import { Gate } from './gate.ts';
import { modelRoute } from './model-routes.ts';
import { sampleOpenApi } from './openapi.ts';
import { plainDocument } from './plain-routes.ts';
import { isRecord, steeringOf } from './steering.ts';

/** A running sample upstream. `statsUrl` answers calls and tokens, all or `?requestId=`. */
export type Upstream = {
  readonly url: string;
  readonly port: number;
  readonly statsUrl: string;
  readonly token: string;
  readonly log: CallLog;
  readonly gate: Gate;
  close(): Promise<void>;
};

type Context = { readonly token: string; readonly log: CallLog; readonly gate: Gate };

/** Starts the sample upstream on 127.0.0.1. Port 0 takes a free one. Callers must present `token` as a bearer token or as `x-api-key`. */
export async function startUpstream(options: { port: number; token: string }): Promise<Upstream> {
  const context: Context = { token: options.token, log: new CallLog(), gate: new Gate() };
  const server = createServer((request, response) => {
    handle(context, request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', 1024, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    statsUrl: `${url}/_stats`,
    token: options.token,
    log: context.log,
    gate: context.gate,
    close: () =>
      new Promise((resolve) => {
        context.gate.open();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
  const body = await read(request);
  if (url.pathname.startsWith('/_')) return control(context, request, url, body, response);
  if (url.pathname === '/openapi.json') return reply(response, 200, sampleOpenApi(url.origin));
  if (!authorized(request, context.token)) {
    return reply(response, 401, { error: { message: 'invalid upstream credential', type: 'invalid_request_error' } });
  }
  const call = recorded(request, body);
  context.log.add(call);
  response.once('close', () => {
    call.outcome = response.writableFinished ? 'answered' : 'aborted';
  });
  await answer(context, call, url, body, request, response);
}

async function answer(
  context: Context,
  call: UpstreamCall,
  url: URL,
  body: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const document = parse(body);
  const steering = steeringOf(request.headers, document ?? {});
  await context.gate.pass();
  if (steering.delayMs > 0) await sleep(steering.delayMs);
  if (response.destroyed) return;
  if (steering.paymentHeaders) for (const [name, value] of PAYMENT_HEADERS) response.setHeader(name, value);
  if (steering.status > 200 && steering.status < 300) return replyEmpty(call, response, steering.status);
  if (steering.status >= 400) return fail(call, response, steering.status, 'as asked');
  const route = modelRoute(url.pathname);
  if (route !== null) {
    if (request.method !== 'POST') return fail(call, response, 405, 'POST only');
    const missing = document === null ? 'the body is not JSON' : route.missing(document);
    if (document === null || missing !== null) return fail(call, response, 400, missing ?? '');
    return route.answer(document, body.length, steering, call, response);
  }
  const plain = request.method === 'GET' ? plainDocument(url) : null;
  if (plain === null) return fail(call, response, 404, 'no such route');
  call.status = 200;
  // What a provider may meter by: how much the answer holds.
  response.setHeader('x-data-points', String(Object.keys(plain).length));
  reply(response, 200, plain);
}

/** What an upstream must not be able to say. */
const PAYMENT_HEADERS = [
  ['settlement-overrides', '{"amount":"1"}'],
  ['payment-response', Buffer.from('{"success":true}').toString('base64')],
  ['payment-receipt', Buffer.from('{"status":"success"}').toString('base64url')],
  ['www-authenticate', 'Payment id="upstream", realm="upstream", method="evm", intent="charge", request="e30"'],
] as const;

function control(context: Context, request: IncomingMessage, url: URL, body: Buffer, response: ServerResponse): void {
  const document = controlDocument(
    context,
    `${request.method} ${url.pathname}`,
    url.searchParams.get('requestId'),
    body,
  );
  if (document === null) reply(response, 404, { error: { message: 'no such control' } });
  else reply(response, 200, document);
}

function controlDocument(context: Context, control: string, requestId: string | null, body: Buffer): object | null {
  switch (control) {
    case 'GET /_health':
      return { status: 'ok' };
    case 'GET /_stats':
      return { ...context.log.stats(requestId), held: context.gate.waiting };
    case 'GET /_calls':
      return { calls: context.log.calls(requestId) };
    case 'POST /_reset':
      context.log.reset();
      context.gate.open();
      return { ok: true };
    case 'POST /_gate':
      if (parse(body)?.closed === true) context.gate.close();
      else context.gate.open();
      return { closed: context.gate.closed, held: context.gate.waiting };
    default:
      return null;
  }
}

const CREDENTIALS = new Set(['authorization', 'x-api-key']);

function recorded(request: IncomingMessage, body: Buffer): UpstreamCall {
  const requestId = request.headers['x-request-id'];
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (!CREDENTIALS.has(name) && value !== undefined) headers[name] = String(value);
  }
  return {
    requestId: typeof requestId === 'string' ? requestId : null,
    method: request.method ?? '',
    target: request.url ?? '',
    headers,
    bodyBytes: body.length,
    bodySha256: createHash('sha256').update(body).digest('hex'),
    receivedAtMs: Date.now(),
    status: null,
    inputTokens: 0,
    outputTokens: 0,
    outcome: 'running',
  };
}

function replyEmpty(call: UpstreamCall, response: ServerResponse, status: number): void {
  call.status = status;
  reply(response, status, {});
}

function fail(call: UpstreamCall, response: ServerResponse, status: number, message: string): void {
  call.status = status;
  reply(response, status, { error: { message, type: status >= 500 ? 'server_error' : 'invalid_request_error' } });
}

function reply(response: ServerResponse, status: number, document: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(document));
}

function parse(body: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** A bearer token, or the header that Anthropic takes. */
function authorized({ headers }: IncomingMessage, token: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  const own = headers['x-api-key'];
  const shown = headers.authorization ?? (typeof own === 'string' ? `Bearer ${own}` : undefined);
  return shown !== undefined && timingSafeEqual(digest(shown), digest(`Bearer ${token}`));
}
