import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, Faults } from '../control/faults.ts';
import { StripeError } from '../errors.ts';
import { newId } from '../ids.ts';
import { canonicalForm, decodeForm, type FormValue } from '../params/form.ts';
import { readParams } from '../params/param.ts';
import type { World } from '../world.ts';
import { authorize } from './authorize.ts';
import { expandPaths, present } from './expand.ts';
import { type Answer, IdempotencyKeys } from './idempotency.ts';
import type { Incoming } from './incoming.ts';
import type { LoggedRequest, RequestLog } from './request-log.ts';
import { findRoute, type Route } from './route.ts';
import { refuseOtherVersions, versionOf } from './version.ts';

/** What becomes of a connection: it gets an answer, or it is cut, or left without one. */
export type Ending = { kind: 'answer'; answer: Answer } | { kind: 'cut' } | { kind: 'hang' };

type Found = { route: Route; ids: string[] };

/** Answers requests below `/v1`: key, route, faults, idempotency, parameters, and then the verb itself. */
export class Api {
  readonly #world: World;
  readonly #routes: readonly Route[];
  readonly #faults: Faults;
  readonly #log: RequestLog;
  readonly #keys = new IdempotencyKeys();

  constructor(world: World, routes: readonly Route[], faults: Faults, log: RequestLog) {
    this.#world = world;
    this.#routes = routes;
    this.#faults = faults;
    this.#log = log;
  }

  async answer(incoming: Incoming): Promise<Ending> {
    const { method, path, query, body } = incoming;
    const key = method === 'POST' ? (incoming.header('idempotency-key') ?? null) : null;
    const entry = this.#log.add({
      ...{ id: newId('req', 14), method, path, query, body, idempotencyKey: key },
      version: incoming.header('stripe-version') ?? null,
      userAgent: incoming.header('user-agent') ?? null,
      receivedAtMs: Date.now(),
    });
    const fault = this.#faults.take(method, path);
    entry.fault = fault === null ? null : `${fault.act} ${fault.when}`;
    const ending = await this.#end(incoming, entry, fault);
    if (ending.kind === 'answer') entry.status = ending.answer.status;
    return ending;
  }

  async #end(incoming: Incoming, entry: LoggedRequest, fault: Fault | null): Promise<Ending> {
    try {
      authorize(incoming.header('authorization'));
      refuseAccount(incoming.header('stripe-account'));
      const version = versionOf(entry.version ?? undefined);
      const found = findRoute(this.#routes, entry.method, entry.path);
      if (found === undefined) throw unrecognized(entry);
      if (fault?.when === 'before' && fault.act !== 'delay') return this.#fail(entry, fault);
      const answer = await this.#onceByKey(incoming, entry, version, found, fault);
      if (fault?.when !== 'after') return { kind: 'answer', answer };
      if (fault.act !== 'delay') return this.#fail(entry, fault);
      await sleep(fault.delayMs ?? 0);
      return { kind: 'answer', answer };
    } catch (error) {
      return { kind: 'answer', answer: this.#refusal(entry, error) };
    }
  }

  /** Carries a request out, or gives what its key was answered before. */
  async #onceByKey(
    incoming: Incoming,
    entry: LoggedRequest,
    version: string,
    found: Found,
    fault: Fault | null,
  ): Promise<Answer> {
    const { idempotencyKey: key, path: target, id: requestId } = entry;
    if (key === null) {
      if (fault?.when === 'before') await sleep(fault.delayMs ?? 0);
      return this.#carryOut(incoming, entry, version, found);
    }
    const params = canonicalForm(incoming.body);
    const known = this.#keys.begin(key, { target, params, requestId, nowMs: this.#world.clock.nowMs() });
    if (known !== undefined) {
      entry.replayed = true;
      const original = { 'idempotent-replayed': 'true', 'original-request': known.requestId, 'request-id': requestId };
      return { ...known.answer, headers: { ...known.answer.headers, ...original } };
    }
    if (fault?.when === 'before') await sleep(fault.delayMs ?? 0);
    let answer: Answer;
    try {
      answer = this.#carryOut(incoming, entry, version, found);
    } catch (error) {
      if (!(error instanceof StripeError) || !error.executed) {
        this.#keys.release(key);
        throw error;
      }
      answer = this.#refusal(entry, error);
    }
    this.#keys.store(key, fault?.when === 'after' && fault.stored === true ? this.#failure(entry, fault) : answer);
    return answer;
  }

  #carryOut(incoming: Incoming, entry: LoggedRequest, version: string, { route, ids }: Found): Answer {
    const form = new Map<string, FormValue>(decodeForm(route.method === 'POST' ? formOf(incoming) : incoming.query));
    const paths = expandPaths(form.get('expand'));
    form.delete('expand');
    if (route.method === 'POST') refuseOtherVersions(version, form);
    const params = readParams(route.params, form);
    const world = this.#world;
    world.clock.runDue();
    entry.executed = true;
    const cause = { id: entry.id, idempotency_key: entry.idempotencyKey };
    const object = world.events.during(cause, () => route.run(world, params, ids));
    const shown = present(object, paths, (id) => world.find(id));
    return { status: 200, headers: headersOf(entry, version), body: JSON.stringify(shown, null, 2) };
  }

  #fail(entry: LoggedRequest, fault: Fault): Ending {
    if (fault.act === 'cut' || fault.act === 'hang') return { kind: fault.act };
    return { kind: 'answer', answer: this.#failure(entry, fault) };
  }

  #failure(entry: LoggedRequest, fault: Fault): Answer {
    if (fault.act === 'rate-limit') {
      const message =
        'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.';
      return this.#refusal(entry, new StripeError(429, { type: 'invalid_request_error', code: 'rate_limit', message }));
    }
    const message = 'An unknown error occurred.';
    // A stored failure is what every repetition gets, so that repeating it is of no use.
    const headers: Record<string, string> = fault.stored === true ? { 'stripe-should-retry': 'false' } : {};
    return this.#refusal(entry, new StripeError(fault.status ?? 500, { type: 'api_error', message }, { headers }));
  }

  #refusal(entry: LoggedRequest, error: unknown): Answer {
    const known =
      error instanceof StripeError
        ? error
        : new StripeError(500, { type: 'api_error', message: `The double failed: ${String(error)}` });
    const headers = { ...headersOf(entry, entry.version), ...known.headers };
    const body = present(known.body(entry.id), [], () => undefined);
    return { status: known.status, headers, body: JSON.stringify(body, null, 2) };
  }
}

function headersOf(entry: LoggedRequest, version: string | null): Record<string, string> {
  return {
    'content-type': 'application/json',
    'request-id': entry.id,
    ...(version === null ? {} : { 'stripe-version': version }),
    ...(entry.idempotencyKey === null ? {} : { 'idempotency-key': entry.idempotencyKey }),
  };
}

function formOf(incoming: Incoming): string {
  const type = incoming.header('content-type') ?? 'application/x-www-form-urlencoded';
  if (incoming.body === '' || type.startsWith('application/x-www-form-urlencoded')) return incoming.body;
  const message = 'Invalid request (check that your POST content type is application/x-www-form-urlencoded).';
  throw new StripeError(400, { type: 'invalid_request_error', message }, { executed: false });
}

function unrecognized({ method, path }: LoggedRequest): StripeError {
  const message = `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`;
  return new StripeError(404, { type: 'invalid_request_error', message }, { executed: false });
}

/** The double holds one account and no connected ones. */
function refuseAccount(account: string | undefined): void {
  if (account === undefined) return;
  const message = `The provided key does not have access to account '${account}' (or that account does not exist).`;
  const fields = { type: 'invalid_request_error' as const, code: 'account_invalid', message };
  throw new StripeError(403, fields, { executed: false });
}
