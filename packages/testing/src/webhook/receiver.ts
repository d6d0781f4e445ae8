import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface ReceivedWebhook {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a receiver answers: a status, or whatever it does with the response. */
export type ReceiverAnswer = number | ((response: ServerResponse) => void);

/** Somebody's server that webhooks are posted to. */
export interface WebhookReceiver {
  readonly url: string;
  readonly port: number;
  /** Oldest first. */
  readonly received: readonly ReceivedWebhook[];
  /** The next requests are answered so, in this order; all others with 204. */
  answer(...answers: readonly ReceiverAnswer[]): void;
  /** As if nothing had come yet, and nothing was to be answered otherwise. */
  forget(): void;
  close(): Promise<void>;
}

/** Starts a receiver on loopback. Port 0 takes any. */
export async function startWebhookReceiver({ port }: { readonly port: number }): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const answers: ReceiverAnswer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
    const answer = answers.shift() ?? 204;
    if (typeof answer === 'function') answer(response);
    else response.writeHead(answer, { 'content-type': 'text/plain' }).end(answer === 204 ? '' : `answer ${answer}`);
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  const own = (server.address() as AddressInfo).port;
  return {
    ...{ url: `http://127.0.0.1:${own}/hooks`, port: own, received },
    answer: (...more) => void answers.push(...more),
    forget() {
      received.length = 0;
      answers.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
