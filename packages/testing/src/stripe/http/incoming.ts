import type { IncomingMessage } from 'node:http';
import { StripeError } from '../errors.ts';

/** A request with its whole body. */
export type Incoming = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
  header(name: string): string | undefined;
};

const bodyBytesMax = 1024 * 1024;

/** Reads a request to its end. Throws 413 when it is longer than one MiB. */
export async function readIncoming(message: IncomingMessage): Promise<Incoming> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of message) {
    bytes += (part as Buffer).length;
    if (bytes > bodyBytesMax) {
      throw new StripeError(413, { type: 'invalid_request_error', message: 'Request is too large.' });
    }
    parts.push(part as Buffer);
  }
  const [path = '/', query = ''] = (message.url ?? '/').split('?', 2);
  return {
    method: message.method ?? 'GET',
    path,
    query,
    body: Buffer.concat(parts).toString('utf8'),
    header: (name) => {
      const value = message.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
  };
}
