import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Gateway } from '../pipeline/gateway.ts';

const SNAPSHOT_AGE_MS_MAX = 10_000;

/** Answers `/healthz` (the process runs) and `/readyz` (it can decide calls). False: the request is not about health. */
export function serveHealth(gateway: Gateway, request: IncomingMessage, response: ServerResponse): boolean {
  if (request.url === '/healthz') {
    answer(response, 200, { status: 'ok' });
    return true;
  }
  if (request.url !== '/readyz') return false;
  const fresh = Date.now() - gateway.source.syncedAtMs < SNAPSHOT_AGE_MS_MAX;
  const ready = gateway.registered && fresh && !gateway.draining;
  answer(response, ready ? 200 : 503, {
    status: ready ? 'ready' : 'not-ready',
    registered: gateway.registered,
    storeAnswers: fresh,
    draining: gateway.draining,
    apis: gateway.registry.size,
  });
  return true;
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
