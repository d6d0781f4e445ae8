import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expose, type Family } from './exposition.ts';

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `GET /metrics` and nothing else. For the operator's network only: it knows no sign-in. `port` 0 takes a free one. */
export async function startMetricsServer(
  address: { readonly host: string; readonly port: number },
  families: () => readonly Family[],
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.url?.split('?')[0] !== '/metrics') response.writeHead(404).end();
    else
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(expose(families()));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, resolve);
  });
  return {
    url: `http://${address.host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
