import type { CompiledApi } from '../snapshot/compiled-api.ts';

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
