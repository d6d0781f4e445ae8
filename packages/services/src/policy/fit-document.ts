import { setImmediate as breathe } from 'node:timers/promises';
import type { PolicyConfig, SnapshotRoute } from '@tollwright/contracts';
import { createPolicies } from '@tollwright/policies';
import type { JsonObject } from '../api/openapi-document.ts';
import { invalidPolicies } from './check.ts';
import { type DocumentedRoute, readsOperation, requestSchemaOf } from './request-schema.ts';

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
    const why = unfit(document, apiPolicies, route);
    if (why !== null) return `${route.method} ${route.pathTemplate}: ${why}`;
  }
  return null;
}

function unfit(document: JsonObject, api: readonly PolicyConfig[], route: DocumentedRoute): string | null {
  try {
    createPolicies(
      { api, route: route.policies, plan: [] },
      { apiId: '', route: asSnapshotRoute(document, route), plan: null },
    );
    return null;
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    return `its schema cannot be checked: ${said.slice(0, 300)}`;
  }
}

function asSnapshotRoute(document: JsonObject, route: DocumentedRoute): SnapshotRoute {
  const schema = requestSchemaOf(document, route);
  return {
    id: '',
    operationId: '',
    method: route.method as SnapshotRoute['method'],
    pathTemplate: route.pathTemplate,
    extractorId: null,
    bodyBytesMax: 0,
    strangerPriceNanoUsd: null,
    policies: [...route.policies],
    ...(schema === undefined ? {} : { requestSchema: schema }),
  };
}
