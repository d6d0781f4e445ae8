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

  get body(): Buffer | null {
    return this.#body;
  }

  /** The body was read; null when there is none, or nobody reads it. */
  takeBody(body: Buffer | null): void {
    this.#body = body;
    this.#document = null;
  }

  header(name: string): string | undefined {
    const value = this.#visit.request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  document(): BodyDocument {
    this.#document ??= documentOf(this.#body);
    return this.#document;
  }
}

function documentOf(body: Buffer | null): BodyDocument {
  if (body === null || body.length === 0) return NONE;
  if (!isUtf8(body)) return MALFORMED;
  try {
    return { kind: 'json', value: JSON.parse(body.toString('utf8')) as unknown };
  } catch {
    return MALFORMED;
  }
}
