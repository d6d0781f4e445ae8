import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the private port tells. */
export interface Health {
  /** Null when healthy, else what is wrong. */
  check(): Promise<string | null>;
  metrics(): string;
}

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves /healthz and /metrics. For the operator's network only: it knows no sign-in. */
export async function startHealthServer(
  options: { host: string; port: number },
  health: Health,
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/metrics') {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(health.metrics());
      return;
    }
    if (path !== '/healthz') {
      response.writeHead(404).end();
      return;
    }
    void health.check().then(
      (wrong) => {
        response.writeHead(wrong === null ? 200 : 503, { 'content-type': 'application/json' });
        response.end(JSON.stringify(wrong === null ? { status: 'ok' } : { status: 'failing', reason: wrong }));
      },
      () => response.writeHead(503).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => resolve());
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${options.host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
