import type { OfferedTerms } from '@tollwright/contracts';
import { modelPrices } from '../plan/price-list.ts';
import type { Storefront } from './outputs.ts';
import { exampleRoute, type SnippetTarget, snippetTarget } from './snippets.ts';

/** What to call first at a provider: the best route of its first API that has one, with a model of the plan. */
export function exampleTarget(storefront: Storefront, terms: OfferedTerms | undefined): SnippetTarget | null {
  for (const api of storefront.apis) {
    const route = exampleRoute(api.routes);
    if (route) return snippetTarget(api, route, exampleModel(storefront, terms));
  }
  return null;
}

/** The first model that the plan prices, else the first that any public plan prices. */
function exampleModel(storefront: Storefront, terms: OfferedTerms | undefined): string {
  const lists = [...(terms ? [terms] : []), ...storefront.plans.map((plan) => plan.terms)];
  for (const { rateCards } of lists) {
    const named = modelPrices(rateCards).lines.find(({ model }) => model !== null);
    if (named?.model) return named.model;
  }
  return 'your-model';
}
