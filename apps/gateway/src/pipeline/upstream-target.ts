import type { CompiledApi } from '../snapshot/compiled-api.ts';
import type { UpstreamAddress, UpstreamRequest } from '../upstream/upstream.ts';

/** The target that the upstream gets for a canonical path and query: the API's base path and what follows its address. */
export function upstreamTarget(
  {
    snapshot,
    basePath,
  }: Pick<CompiledApi, 'basePath'> & { snapshot: Pick<CompiledApi['snapshot'], 'providerSlug' | 'apiSlug'> },
  { path, query }: { readonly path: string; readonly query: string },
): string {
  const rest = path.slice(snapshot.providerSlug.length + snapshot.apiSlug.length + 2);
  return `${basePath + rest || '/'}${query}`;
}

const NO_FALLBACKS: readonly UpstreamAddress[] = [];

/** How a call's way is chosen: the API's other addresses, and its breaker. */
export function upstreamChoice(
  api: Pick<CompiledApi, 'fallbacks' | 'breaker' | 'snapshot'>,
  visit: { readonly path: string; readonly query: string },
): Pick<UpstreamRequest, 'fallbacks' | 'breaker'> {
  const { snapshot, fallbacks, breaker } = api;
  return {
    breaker,
    fallbacks:
      fallbacks.length === 0
        ? NO_FALLBACKS
        : fallbacks.map(({ origin, host, basePath }) => {
            return { origin, host, target: upstreamTarget({ snapshot, basePath }, visit) };
          }),
  };
}
