import { compileTemplate, isTemplated, loosePath, type PathTemplate } from './path-template.ts';

/** What a router needs to know of a route. */
export interface Routable {
  readonly method: string;
  readonly pathTemplate: string;
}

export type RouteMatch<R> =
  | { readonly kind: 'matched'; readonly route: R }
  | { readonly kind: 'method-not-allowed'; readonly allow: readonly string[] }
  | { readonly kind: 'unknown' };

const UNKNOWN = { kind: 'unknown' } as const;

/**
 * Finds the route of a method and a canonical path. Fixed paths come before templated ones, more fixed segments before
 * fewer. HEAD goes to its own route or else to GET's, so that it is priced like GET. A path that a lenient server would
 * take to a more specific route than we do goes nowhere: it would be served as one and priced as the other.
 */
export class Router<R extends Routable> {
  readonly #fixed = new Map<string, Map<string, R>>();
  /** The fixed ones as lenient servers read them. */
  readonly #fixedLoosely = new Map<string, Map<string, R>>();
  readonly #templated: { readonly path: PathTemplate; readonly byMethod: Map<string, R> }[] = [];

  constructor(routes: readonly R[]) {
    const byTemplate = new Map<string, Map<string, R>>();
    for (const route of routes) {
      const byMethod = byTemplate.get(route.pathTemplate) ?? new Map<string, R>();
      byMethod.set(route.method, route);
      byTemplate.set(route.pathTemplate, byMethod);
    }
    for (const [template, byMethod] of byTemplate) {
      if (isTemplated(template)) this.#templated.push({ path: compileTemplate(template), byMethod });
      else {
        this.#fixed.set(template, byMethod);
        this.#fixedLoosely.set(loosePath(template), byMethod);
      }
    }
    this.#templated.sort((a, b) => b.path.literals - a.path.literals);
  }

  match(method: string, path: string): RouteMatch<R> {
    const allow = new Set<string>();
    const fixed = this.#fixed.get(path);
    const found = fixed && pick(fixed, method, allow);
    if (found) return { kind: 'matched', route: found };
    for (const [index, { path: template, byMethod }] of this.#templated.entries()) {
      if (!template.matches(path)) continue;
      const route = pick(byMethod, method, allow);
      if (route) return this.#hasOtherReading(method, path, index) ? UNKNOWN : { kind: 'matched', route };
    }
    return allow.size === 0 ? UNKNOWN : { kind: 'method-not-allowed', allow: [...allow].sort() };
  }

  /** Whether a lenient server finds a route before the template of this index. */
  #hasOtherReading(method: string, path: string, index: number): boolean {
    const loose = loosePath(path);
    const fixed = this.#fixedLoosely.get(loose);
    if (fixed && pick(fixed, method, new Set())) return true;
    return this.#templated.slice(0, index).some(({ path: template, byMethod }) => {
      return template.matchesLoosely(loose) && pick(byMethod, method, new Set()) !== undefined;
    });
  }
}

function pick<R>(byMethod: ReadonlyMap<string, R>, method: string, allow: Set<string>): R | undefined {
  const route = byMethod.get(method) ?? (method === 'HEAD' ? byMethod.get('GET') : undefined);
  if (route === undefined) {
    for (const name of byMethod.keys()) allow.add(name);
    if (byMethod.has('GET')) allow.add('HEAD');
  }
  return route;
}
