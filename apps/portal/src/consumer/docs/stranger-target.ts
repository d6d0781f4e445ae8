import type { StorefrontApi } from '../outputs.ts';
import { type SnippetTarget, snippetTarget } from '../snippets.ts';

/** A route to pay for without a key: the first GET that strangers may call, else the first of any method. Null where all need a key. */
export function strangerTarget(apis: readonly StorefrontApi[]): SnippetTarget | null {
  const open = apis.flatMap((api) =>
    api.routes.filter(({ strangerPriceNanoUsd }) => strangerPriceNanoUsd !== null).map((route) => ({ api, route })),
  );
  const chosen = open.find(({ route }) => route.method === 'GET') ?? open[0];
  return chosen ? snippetTarget(chosen.api, chosen.route, 'your-model') : null;
}
