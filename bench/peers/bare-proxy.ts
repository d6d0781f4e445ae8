import { createServer, type IncomingHttpHeaders } from 'node:http';
import { Agent } from 'undici';

// The baseline: a streaming reverse proxy on node:http and undici with nothing else in it.
const upstream = process.env.UPSTREAM_URL ?? '';
const agent = new Agent({ connections: 256, keepAliveTimeout: 60_000 });
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'host',
  'expect',
]);

const server = createServer((request, response) => {
  agent.dispatch(
    {
      origin: upstream,
      path: request.url ?? '/',
      method: (request.method ?? 'GET') as 'GET',
      headers: forwardable(request.headers),
      body: request,
    },
    {
      onRequestStart: () => {},
      onResponseStart: (_controller, status, headers) => {
        response.writeHead(status, forwardable(headers));
      },
      onResponseData: (controller, chunk) => {
        if (!response.write(chunk)) {
          controller.pause();
          response.once('drain', () => controller.resume());
        }
      },
      onResponseEnd: () => {
        response.end();
      },
      onResponseError: () => {
        if (response.headersSent) response.destroy();
        else response.writeHead(502).end();
      },
    },
  );
});

function forwardable(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !HOP_BY_HOP.has(name)) kept[name] = value;
  }
  return kept;
}

server.keepAliveTimeout = 60_000;
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.('ready'));
process.on('disconnect', () => process.exit(0));
