import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { LeanRequest } from '../../apps/gateway/dist/http/lean-request.js';
import { readBody } from '../../apps/gateway/dist/http/read-body.js';
import { upstreamHeaders } from '../../apps/gateway/dist/http/request-headers.js';
import { responseHeaders } from '../../apps/gateway/dist/http/response-headers.js';
import { listen } from '../../apps/gateway/dist/http/server.js';
import { createOwnClient } from '../../apps/gateway/dist/upstream/own-client.js';
import type { UpstreamExchange, UpstreamSink } from '../../apps/gateway/dist/upstream/upstream.js';

// The gateway's own server and client with nothing in between: what its policies cost shows against this.
const upstream = new URL(process.env.UPSTREAM_URL ?? '');
const client = createOwnClient({ allow: [upstream.host] });
const BODY_BYTES_MAX = 1_048_576;
const TIMEOUTS = {
  ...{ connectTimeoutMs: 5_000, firstByteTimeoutMs: 60_000, idleTimeoutMs: 60_000, totalTimeoutMs: 600_000 },
};

class Relay implements UpstreamSink {
  readonly #response: ServerResponse;
  exchange: UpstreamExchange | null = null;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  onHead(status: number, headers: IncomingHttpHeaders): void {
    this.#response.writeHead(status, responseHeaders(headers));
  }

  onData(chunk: Buffer): void {
    if (this.#response.write(chunk)) return;
    this.exchange?.pause();
    this.#response.once('drain', () => this.exchange?.resume());
  }

  onEnd(): void {
    this.#response.end();
  }

  onFailure(): void {
    if (this.#response.headersSent) this.#response.destroy();
    else this.#response.writeHead(502).end();
  }
}

async function relay(request: LeanRequest, response: ServerResponse): Promise<void> {
  const taken = readBody(request, BODY_BYTES_MAX, true);
  const body = taken instanceof Promise ? await taken : taken;
  if (body.kind !== 'buffered') {
    response.writeHead(400).end();
    return;
  }
  const plan = { host: upstream.host, requestId: 'req_bench', credential: null, identityEncoding: false };
  const headers = upstreamHeaders(request.rawHeaders, plan);
  const sink = new Relay(response);
  const sent = {
    ...{ origin: upstream.origin, method: request.method ?? 'POST' },
    target: request.url ?? '/',
    headers,
  };
  sink.exchange = client.send({ ...sent, body: body.bytes, timeouts: TIMEOUTS }, sink);
}

await listen({ host: '127.0.0.1', port: Number(process.env.PORT) }, (request, response) => {
  relay(request, response).catch(() => response.destroy());
});
process.send?.('ready');
process.on('disconnect', () => process.exit(0));
