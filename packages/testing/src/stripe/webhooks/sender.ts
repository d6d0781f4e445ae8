import type { StripeEvent } from '../events/event.ts';
import type { World } from '../world.ts';
import { checkPlan, type DeliveryPlan, isWanted } from './plan.ts';
import { signatureOf } from './signature.ts';
import type { WebhookEndpoint } from './webhook-endpoint.ts';

/** One attempt to tell an endpoint of an event. `status` is null when there was no answer. */
export type DeliveryAttempt = {
  readonly event: string;
  readonly type: string;
  readonly endpoint: string;
  readonly attempt: number;
  readonly status: number | null;
};

type Planned = DeliveryPlan & { left: number; collected: StripeEvent[] };

const answerTimeoutMs = 10_000;
/** When an endpoint that did not answer 2xx is told again, by the double's clock. */
const retryDelaysMs = [1_000, 5_000, 30_000, 300_000, 3_600_000];

/** Tells endpoints of events: signed, at once and in order unless a plan says otherwise, again until they answer 2xx. */
export class WebhookSender {
  readonly attempts: DeliveryAttempt[] = [];
  readonly #world: World;
  #plans: Planned[] = [];
  #held: StripeEvent[] = [];
  /** Deliveries at once are one after the other for each endpoint. */
  readonly #queues = new Map<string, Promise<void>>();
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(world: World) {
    this.#world = world;
    world.events.listen((event) => this.#plan(event));
  }

  /** Plans how the next events are delivered. Throws when the plan is none. */
  add(plan: DeliveryPlan): void {
    this.#plans.push({ ...checkPlan(plan), left: plan.count, collected: [] });
  }

  /** Ends all plans; what they kept back is delivered. */
  clear(): void {
    const collected = this.#plans.flatMap((plan) => plan.collected);
    this.#plans = [];
    for (const event of collected) this.send(event);
    this.release('given');
  }

  /** Delivers what was held, oldest or newest first. Returns the ids in that order. */
  release(order: 'given' | 'reverse'): string[] {
    const events = order === 'reverse' ? this.#held.reverse() : this.#held;
    this.#held = [];
    for (const event of events) this.send(event);
    return events.map((event) => event.id);
  }

  held(): readonly string[] {
    return this.#held.map((event) => event.id);
  }

  /** Delivers an event to every endpoint that wants it, whether it had it or not. */
  send(event: StripeEvent): void {
    for (const endpoint of this.#listenersOf(event)) this.#enqueue(event, endpoint);
  }

  /** Resolves once no delivery is under way; those that wait for the clock are not waited for. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.idle();
  }

  #listenersOf(event: StripeEvent): WebhookEndpoint[] {
    return this.#world.webhookEndpoints
      .newestFirst()
      .filter((endpoint) => endpoint.status === 'enabled')
      .filter((endpoint) => endpoint.enabled_events.some((wanted) => isWanted(event.type, wanted)));
  }

  #plan(event: StripeEvent): void {
    event.pending_webhooks = this.#listenersOf(event).length;
    const plan = this.#plans.find((candidate) => isWanted(event.type, candidate.type ?? '*'));
    if (plan === undefined) {
      this.send(event);
      return;
    }
    plan.left -= 1;
    if (plan.left === 0) this.#plans = this.#plans.filter((candidate) => candidate !== plan);
    const { clock } = this.#world;
    switch (plan.mode) {
      case 'late':
        clock.at(clock.nowMs() + (plan.delayMs ?? 0), () => this.send(event));
        return;
      case 'twice':
        this.send(event);
        this.send(event);
        return;
      case 'hold':
        this.#held.push(event);
        return;
      case 'reverse':
        plan.collected.push(event);
        if (plan.left === 0) for (const kept of plan.collected.reverse()) this.send(kept);
        return;
      case 'never':
        return;
    }
  }

  #enqueue(event: StripeEvent, endpoint: WebhookEndpoint, attempt = 1): void {
    const before = this.#queues.get(endpoint.id) ?? Promise.resolve();
    const delivery = before.then(() => this.#deliver(event, endpoint, attempt));
    this.#queues.set(endpoint.id, delivery);
    this.#running.add(delivery);
    void delivery.finally(() => this.#running.delete(delivery));
  }

  async #deliver(event: StripeEvent, endpoint: WebhookEndpoint, attempt: number): Promise<void> {
    if (this.#closing.signal.aborted || this.#world.webhookEndpoints.find(endpoint.id)?.status !== 'enabled') return;
    const status = await this.#post(event, endpoint);
    this.attempts.push({ event: event.id, type: event.type, endpoint: endpoint.id, attempt, status });
    if (status !== null && status >= 200 && status < 300) {
      event.pending_webhooks = Math.max(0, event.pending_webhooks - 1);
      return;
    }
    const delayMs = retryDelaysMs[attempt - 1];
    if (delayMs === undefined || this.#closing.signal.aborted) return;
    const { clock } = this.#world;
    clock.at(clock.nowMs() + delayMs, () => this.#enqueue(event, endpoint, attempt + 1));
  }

  /** The moment of the signature is that of the world outside, since the receiver checks it against its own clock. */
  async #post(event: StripeEvent, endpoint: WebhookEndpoint): Promise<number | null> {
    const body = JSON.stringify({ ...event, api_version: endpoint.api_version ?? event.api_version }, null, 2);
    const secret = this.#world.secrets.get(endpoint.id) ?? '';
    try {
      const response = await fetch(endpoint.url, {
        method: 'POST',
        body,
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(answerTimeoutMs), this.#closing.signal]),
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          'stripe-signature': signatureOf(body, secret, this.#world.clock.outside()),
        },
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return null;
    }
  }
}
