import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LeanRequest } from './lean-request.ts';

const HEADER_BYTES_MAX = 32 * 1024;
const HEADERS_TIMEOUT_MS = 20_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const BACKLOG = 1024;

/** Starts listening; `port` 0 takes a free one. */
export function listen(
  address: { readonly host: string; readonly port: number },
  handle: (request: LeanRequest, response: ServerResponse) => void,
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer({
    IncomingMessage: LeanRequest,
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  });
  server.on('request', handle);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, BACKLOG, () => {
      resolve({ server, port: (server.address() as AddressInfo).port });
    });
  });
}
