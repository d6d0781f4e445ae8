import { isUtf8 } from 'node:buffer';
import type { Principal } from '@tollwright/contracts';
import type { BodyDocument, PolicyCall } from '@tollwright/policies';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import { clientIp } from './client-ip.ts';

const NONE: BodyDocument = { kind: 'none' };
const MALFORMED: BodyDocument = { kind: 'malformed' };

/** A call as policies see it. What takes work is done when a policy first asks. */
export class CallView implements PolicyCall {
  readonly principal: Principal | null;
  readonly planKey: string | null;
  readonly nowMs: number;
  readonly #visit: Visit;
  readonly #api: CompiledApi;
  readonly #route: CompiledRoute;
  #clientIp: string | null = null;
  #body: Buffer | null = null;
  /** Undefined before anybody asked. */
  #text: string | null | undefined = undefined;
  #document: BodyDocument | null = null;

  constructor(visit: Visit, api: CompiledApi, route: CompiledRoute, principal: Principal | null) {
    this.#visit = visit;
    this.#api = api;
    this.#route = route;
    this.principal = principal;
    const planVersionId = principal?.customer.planVersionId ?? null;
    this.planKey = api.snapshot.plans.find((plan) => plan.planVersionId === planVersionId)?.planKey ?? null;
    this.nowMs = visit.startedAtMs;
  }

  get apiId(): string {
    return this.#api.snapshot.apiId;
  }

  get routeId(): string {
    return this.#route.route.id;
  }

  get operationId(): string {
    return this.#route.route.operationId;
  }

  get method(): string {
    return this.#visit.method;
  }

  get path(): string {
    const { providerSlug, apiSlug } = this.#api.snapshot;
    return this.#visit.path.slice(providerSlug.length + apiSlug.length + 2) || '/';
  }

  get pathTemplate(): string {
    return this.#route.pathTemplate;
  }

  get query(): string {
    return this.#visit.query;
  }

  get clientIp(): string {
    this.#clientIp ??= clientIp(this.#visit.request, this.#visit.gateway.trustedProxies);
    return this.#clientIp;
  }

  get bodyBytes(): number | null {
    const length = this.#visit.request.headers['content-length'];
    return length === undefined ? null : Number(length);
  }

  /** The body was read; null when there is none, or nobody reads it. */
  takeBody(body: Buffer | null): void {
    this.#body = body;
    this.#text = undefined;
    this.#document = null;
  }

  text(): string | null {
    if (this.#text === undefined) this.#text = textOf(this.#body);
    return this.#text;
  }

  header(name: string): string | undefined {
    const value = this.#visit.request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  document(): BodyDocument {
    this.#document ??= this.#body === null || this.#body.length === 0 ? NONE : documentOf(this.text());
    return this.#document;
  }
}

function textOf(body: Buffer | null): string | null {
  return body !== null && isUtf8(body) ? body.toString('utf8') : null;
}

function documentOf(text: string | null): BodyDocument {
  if (text === null) return MALFORMED;
  try {
    return { kind: 'json', value: JSON.parse(text) as unknown };
  } catch {
    return MALFORMED;
  }
}
