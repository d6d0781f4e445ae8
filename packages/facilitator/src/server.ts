import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Facilitator } from './facilitator.ts';

export interface FacilitatorServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface FacilitatorServerOptions {
  readonly host: string;
  readonly port: number;
  /** Callers show it as a bearer token: who may settle spends the key's gas. */
  readonly token: string;
  readonly onError: (what: string, error: unknown) => void;
}

type Facilitate = Pick<Facilitator, 'supported' | 'verify' | 'settle'>;

const bodyBytesMax = 64 * 1024;

/** Serves a facilitator by x402's API: `GET /supported`, `POST /verify`, `POST /settle`. */
export async function startFacilitatorServer(
  facilitator: Facilitate,
  { host, port, token, onError }: FacilitatorServerOptions,
): Promise<FacilitatorServer> {
  const server = createServer((request, response) => {
    if (!isBearer(request.headers.authorization, token)) {
      request.resume();
      return answer(response, 401, { error: 'unauthorized' }, { 'www-authenticate': 'Bearer' });
    }
    serve(facilitator, request, response).catch((error: unknown) => {
      onError(`${request.method} ${request.url}`, error);
      answer(response, error instanceof SyntaxError ? 400 : 500, { error: 'the request could not be served' });
    });
  });
  // Callers end their connections themselves: one that is ended here may be carrying a payment just then.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function serve(facilitator: Facilitate, request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (`${request.method} ${request.url}`) {
    case 'GET /supported':
      return answer(response, 200, facilitator.supported());
    case 'POST /verify':
    case 'POST /settle': {
      const asked = await read(request);
      if (asked === null) return answer(response, 413, { error: `the body is over ${bodyBytesMax} bytes` });
      const { paymentPayload, paymentRequirements } = asked as Asked;
      if (!isObject(paymentPayload) || !isObject(paymentRequirements)) {
        return answer(response, 400, { error: 'the body has no paymentPayload and paymentRequirements' });
      }
      const verb = request.url === '/verify' ? 'verify' : 'settle';
      return answer(response, 200, await facilitator[verb](paymentPayload, paymentRequirements));
    }
    default:
      return answer(response, 404, { error: 'not found' });
  }
}

type Asked = {
  paymentPayload: Parameters<Facilitator['settle']>[0];
  paymentRequirements: Parameters<Facilitator['settle']>[1];
};

/** The body as JSON; null: it is too large. Throws SyntaxError where it is none. */
async function read(request: IncomingMessage): Promise<object | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    parts.push(part as Buffer);
    bytes += (part as Buffer).length;
    if (bytes > bodyBytesMax) return null;
  }
  const document: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
  if (!isObject(document)) throw new SyntaxError('the body is no JSON object');
  return document;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBearer(header: string | undefined, token: string): boolean {
  return timingSafeEqual(digestOf(header ?? ''), digestOf(`Bearer ${token}`));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function answer(
  response: ServerResponse,
  status: number,
  document: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(document));
}
