import { setImmediate as breathe } from 'node:timers/promises';
import { type PolicyConfig, requestSchema } from '@tollwright/contracts';
import { readRequestSchema, requestSchemaProblem } from '@tollwright/policies';
import type { JsonObject } from '../api/openapi-document.ts';
import { invalidPolicies } from './check.ts';
import { type DocumentedRoute, readsOperation } from './request-schema.ts';

export interface PolicedDocument {
  readonly document: JsonObject;
  readonly apiPolicies: readonly PolicyConfig[];
  readonly routes: readonly DocumentedRoute[];
}

/** Throws `invalid-input` at the policy that is to be set, where it cannot run on one of the routes. */
export async function assertFit(wanted: readonly PolicyConfig[], policed: PolicedDocument): Promise<void> {
  const index = wanted.findIndex((config) => readsOperation([config]));
  const why = index === -1 ? null : await unfitRoute(policed);
  if (why !== null) throw invalidPolicies([{ path: `${index}.options`, message: why }], 'policies');
}

/**
 * Why the policies of an API cannot run on one of its routes, in words; null when they can. A gateway compiles the schemas
 * of a route when its first call comes: what cannot be compiled would fail every call, so it is compiled here before.
 */
export async function unfitRoute({ document, apiPolicies, routes }: PolicedDocument): Promise<string | null> {
  for (const route of routes) {
    if (!readsOperation(apiPolicies, route.policies)) continue;
    // Thousands of schemas take seconds: other requests of this process go in between.
    await breathe();
    const why = unfit(document, route);
    if (why !== null) return `${route.method} ${route.pathTemplate}: its schema cannot be checked: ${why}`;
  }
  return null;
}

function unfit(document: JsonObject, route: DocumentedRoute): string | null {
  const read = readRequestSchema(document, route.pathTemplate, route.method);
  if (read === null) return null;
  const held = requestSchema.safeParse(read);
  if (!held.success) return 'it is more than a snapshot holds';
  return requestSchemaProblem(held.data, route.pathTemplate)?.split('\n', 1)[0]?.slice(0, 300) ?? null;
}
