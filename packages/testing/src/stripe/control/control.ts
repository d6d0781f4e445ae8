import { StripeError } from '../errors.ts';
import type { Ending } from '../http/api.ts';
import type { Incoming } from '../http/incoming.ts';
import type { RequestLog } from '../http/request-log.ts';
import { authenticate } from '../pages/authentication.ts';
import { closeDispute, openDispute } from '../resources/disputes/open.ts';
import { settleIntent } from '../resources/payment-intents/settle.ts';
import type { DeliveryPlan } from '../webhooks/plan.ts';
import type { WebhookSender } from '../webhooks/sender.ts';
import type { World } from '../world.ts';
import type { FaultRule, Faults } from './faults.ts';

/** What the control plane acts on. */
export type Controlled = { world: World; faults: Faults; log: RequestLog; webhooks: WebhookSender };

type Body = Readonly<Record<string, unknown>>;
type Verb = (on: Controlled, body: Body, id: string) => object | Promise<object>;

/** Every verb below `/_double`. Bodies and answers are JSON; there is no key. The README describes them. */
const verbs: Readonly<Record<string, Verb>> = {
  'GET /health': () => ({ status: 'ok' }),
  'GET /stats': ({ log, faults, webhooks }) => ({
    requests: log.entries,
    faults: faults.pending(),
    deliveries: webhooks.attempts,
    held: webhooks.held(),
  }),
  'DELETE /stats': ({ log }) => {
    log.clear();
    return {};
  },
  'POST /faults': ({ faults }, body) => {
    faults.add({ count: 1, when: 'before', ...body } as FaultRule);
    return { faults: faults.pending() };
  },
  'DELETE /faults': ({ faults }) => {
    faults.clear();
    return { faults: [] };
  },
  'POST /clock': ({ world }, body) => {
    world.clock.advance(positive(body, 'advanceMs'));
    return { nowMs: world.clock.nowMs() };
  },
  'POST /settings': ({ world }, body) => {
    if (body.processingMs !== undefined) world.processingMs = positive(body, 'processingMs');
    if (body.searchLagMs !== undefined) world.searchLagMs = positive(body, 'searchLagMs');
    return { processingMs: world.processingMs, searchLagMs: world.searchLagMs };
  },
  'POST /payment_intents/:id/settle': ({ world }, body, id) => {
    const outcome = oneOf(body, 'outcome', ['succeeded', 'failed']);
    const code = typeof body.declineCode === 'string' ? body.declineCode : null;
    const decline = code === null ? undefined : { code: 'payment_method_provider_decline', declineCode: code };
    settleIntent(world, world.paymentIntents.get(id), outcome, decline);
    return world.paymentIntents.get(id);
  },
  'POST /payment_intents/:id/authenticate': ({ world }, body, id) =>
    authenticate(world, id, oneOf(body, 'outcome', ['succeeded', 'failed']) === 'succeeded'),
  'POST /setup_intents/:id/authenticate': ({ world }, body, id) =>
    authenticate(world, id, oneOf(body, 'outcome', ['succeeded', 'failed']) === 'succeeded'),
  'POST /disputes': ({ world }, body) => {
    const { charge, payment_intent, ...how } = body as { charge?: string; payment_intent?: string };
    const id = charge ?? world.paymentIntents.get(payment_intent ?? '').latest_charge ?? '';
    return openDispute(world, world.charges.get(id), how);
  },
  'POST /disputes/:id/close': ({ world }, body, id) =>
    closeDispute(world, world.disputes.get(id), oneOf(body, 'outcome', ['won', 'lost'])),
  'POST /webhooks': ({ webhooks }, body) => {
    webhooks.add({ count: 1, ...body } as DeliveryPlan);
    return {};
  },
  'DELETE /webhooks': ({ webhooks }) => {
    webhooks.clear();
    return {};
  },
  'POST /webhooks/release': ({ webhooks }, body) => ({
    released: webhooks.release(body.order === 'reverse' ? 'reverse' : 'given'),
  }),
  'POST /webhooks/idle': async ({ webhooks }) => {
    await webhooks.idle();
    return { deliveries: webhooks.attempts };
  },
  'POST /events/:id/send': ({ world, webhooks }, _body, id) => {
    webhooks.send(world.events.table.get(id));
    return {};
  },
};

/** Answers a request below `/_double`. What is not understood is 400, and what is not there 404. */
export async function answerControl(on: Controlled, { method, path, body }: Incoming): Promise<Ending> {
  const [first, id, ...rest] = path.slice('/_double/'.length).split('/');
  const exact = `${method} /${[first, id, ...rest].filter((part) => part !== undefined).join('/')}`;
  const pattern = `${method} /${[first, ':id', ...rest].join('/')}`;
  const name = [exact, pattern].find((candidate) => Object.hasOwn(verbs, candidate));
  const verb = name === undefined ? undefined : verbs[name];
  if (verb === undefined) return json(404, { error: `no such verb: ${method} ${path}` });
  try {
    const given = body === '' ? {} : (JSON.parse(body) as Body);
    on.world.clock.runDue();
    return json(200, await verb(on, given, id ?? ''));
  } catch (error) {
    const status = error instanceof StripeError ? error.status : 400;
    return json(status, { error: error instanceof Error ? error.message : String(error) });
  }
}

function json(status: number, document: object): Ending {
  const headers = { 'content-type': 'application/json' };
  return { kind: 'answer', answer: { status, headers, body: JSON.stringify(document) } };
}

function positive(body: Body, name: string): number {
  const value = body[name];
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new Error(`${name} has to be a number of at least zero`);
}

function oneOf<const W extends string>(body: Body, name: string, words: readonly W[]): W {
  const word = words.find((candidate) => candidate === body[name]);
  if (word === undefined) throw new Error(`${name} has to be one of ${words.join(', ')}`);
  return word;
}
