import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerControl, type Controlled } from './control/control.ts';
import { Faults } from './control/faults.ts';
import { StripeError } from './errors.ts';
import { Api, type Ending } from './http/api.ts';
import { readIncoming } from './http/incoming.ts';
import { type LoggedRequest, RequestLog } from './http/request-log.ts';
import { answerPage } from './pages/pages.ts';
import { watchIntents } from './resources/checkout-sessions/finish.ts';
import { routes } from './routes.ts';
import { WebhookSender } from './webhooks/sender.ts';
import { webhookEndpointOf } from './webhooks/webhook-endpoint.ts';
import { World } from './world.ts';

/** A running double of Stripe. `requests` is what came to the API, in order; `advance` moves its clock. */
export type StripeDouble = {
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  readonly requests: readonly LoggedRequest[];
  readonly webhooks: WebhookSender;
  advance(ms: number): void;
  close(): Promise<void>;
};

export type StripeDoubleOptions = {
  readonly port: number;
  /** Where all events go, signed with `webhookSecret`. More endpoints can be made by the API. */
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
  /** Milliseconds since 1970; what is advanced comes on top. */
  readonly clock?: () => number;
};

/** Starts a server on loopback that the stripe SDK takes for Stripe: `new Stripe(key, { host, port, protocol: 'http' })`. */
export async function startStripeDouble(options: StripeDoubleOptions): Promise<StripeDouble> {
  const world = new World(options.clock);
  const webhooks = new WebhookSender(world);
  const controlled: Controlled = { world, faults: new Faults(), log: new RequestLog(), webhooks };
  const api = new Api(world, routes, controlled.faults, controlled.log);
  watchIntents(world);
  if (options.webhookUrl !== undefined) addEndpoint(world, options.webhookUrl, options.webhookSecret);
  const server = createServer((message, response) => {
    void answer(controlled, api, message)
      .catch(failure)
      .then((ending) => end(response, ending));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  world.baseUrl = `http://127.0.0.1:${port}`;
  return {
    url: world.baseUrl,
    port,
    faults: controlled.faults,
    requests: controlled.log.entries,
    webhooks,
    advance: (ms) => world.clock.advance(ms),
    close: async () => {
      world.clock.stop();
      await Promise.all([
        webhooks.close(),
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
      ]);
    },
  };
}

function addEndpoint(world: World, url: string, secret: string | undefined): void {
  if (secret === undefined) throw new Error('webhookUrl needs a webhookSecret');
  const endpoint = world.webhookEndpoints.insert(webhookEndpointOf(world.clock.now(), url, ['*']));
  world.secrets.set(endpoint.id, secret);
}

async function answer(controlled: Controlled, api: Api, message: IncomingMessage): Promise<Ending> {
  const incoming = await readIncoming(message);
  if (incoming.path.startsWith('/_double/')) return answerControl(controlled, incoming);
  return answerPage(controlled.world, incoming) ?? api.answer(incoming);
}

function failure(error: unknown): Ending {
  const known = error instanceof StripeError ? error : null;
  const body = JSON.stringify({ error: { type: 'api_error', message: known?.message ?? String(error) } });
  return {
    kind: 'answer',
    answer: { status: known?.status ?? 500, headers: { 'content-type': 'application/json' }, body },
  };
}

function end(response: ServerResponse, ending: Ending): void {
  switch (ending.kind) {
    case 'answer':
      response.writeHead(ending.answer.status, ending.answer.headers);
      response.end(ending.answer.body);
      return;
    case 'cut':
      response.destroy();
      return;
    case 'hang':
      return;
  }
}
