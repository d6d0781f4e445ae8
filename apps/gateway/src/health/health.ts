import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Gateway } from '../pipeline/gateway.ts';
import { notReady } from './readiness.ts';
import type { SpoolProbe } from './spool-probe.ts';

/**
 * Answers `/healthz` (the process runs) and `/readyz` (it can decide calls, else 503 with every reason). False: the request is
 * not about health.
 */
export function serveHealth(
  gateway: Gateway,
  spool: SpoolProbe,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (request.url === '/healthz') {
    answer(response, 200, { status: 'ok' });
    return true;
  }
  if (request.url !== '/readyz') return false;
  const nowMs = Date.now();
  const reasons = notReady(gateway, spool, nowMs);
  const { syncedAtMs } = gateway.source;
  answer(response, reasons.length === 0 ? 200 : 503, {
    status: reasons.length === 0 ? 'ready' : 'not-ready',
    reasons,
    apis: gateway.registry.size,
    snapshotAgeSeconds: syncedAtMs === 0 ? null : Math.round((nowMs - syncedAtMs) / 100) / 10,
  });
  return true;
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
