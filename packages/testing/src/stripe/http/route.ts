import type { Param } from '../params/param.ts';
import type { World } from '../world.ts';

/** One verb of the API. It acts at once and returns the object to show; it waits for nothing. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Parts that begin with a colon are ids, given to `run` in their order. */
  readonly path: string;
  readonly params: Param<unknown>;
  run(world: World, params: unknown, ids: readonly string[]): object;
};

/** Makes a route whose parameters are typed by what they are checked with. */
export function route<P>(
  method: Route['method'],
  path: string,
  params: Param<P>,
  run: (world: World, params: P, ...ids: string[]) => object,
): Route {
  return { method, path, params, run: (world, given, ids) => run(world, given as P, ...ids) };
}

/** The route of a request and the ids in its path; undefined when there is none. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; ids: string[] } | undefined {
  const parts = path.split('/');
  for (const candidate of routes) {
    if (candidate.method !== method) continue;
    const ids = idsOf(candidate.path.split('/'), parts);
    if (ids !== undefined) return { route: candidate, ids };
  }
  return undefined;
}

function idsOf(pattern: readonly string[], parts: readonly string[]): string[] | undefined {
  if (pattern.length !== parts.length) return undefined;
  const ids: string[] = [];
  for (const [index, part] of parts.entries()) {
    const wanted = pattern[index] ?? '';
    if (wanted.startsWith(':') && part !== '') ids.push(decodeURIComponent(part));
    else if (wanted !== part) return undefined;
  }
  return ids;
}
