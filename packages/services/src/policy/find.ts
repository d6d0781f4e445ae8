import { type DbApi, type DbRoute, fromDbPolicies, type Tx } from '@tollwright/db';
import type { JsonObject } from '../api/openapi-document.ts';
import { notFound } from '../refusals.ts';
import type { DocumentedRoute } from './request-schema.ts';

type PolicedApi = Pick<DbApi, 'policies'> & { readonly document: JsonObject };
type PolicedRoute = Pick<DbRoute, 'method' | 'pathTemplate' | 'policies'>;

const routeSelection = { method: true, pathTemplate: true, policies: true } as const;

/** The policies of an API with its document. Throws `not-found`. */
export async function findPolicedApi(tx: Tx, providerId: string, apiId: string): Promise<PolicedApi> {
  const where = { providerId, id: apiId, archivedAt: null };
  const row = await tx.api.findFirst({ where, select: { policies: true, document: true } });
  if (!row) throw notFound();
  return { policies: row.policies, document: row.document as JsonObject };
}

/** The policies of a route of an API. Throws `not-found`. */
export async function findPolicedRoute(
  tx: Tx,
  providerId: string,
  apiId: string,
  routeId: string,
): Promise<PolicedRoute> {
  const where = { providerId, apiId, id: routeId, archivedAt: null, api: { archivedAt: null } };
  const row = await tx.route.findFirst({ where, select: routeSelection });
  if (!row) throw notFound();
  return row;
}

/** The routes that an API serves, with their own policies. */
export async function servedRoutes(tx: Tx, providerId: string, apiId: string): Promise<readonly DocumentedRoute[]> {
  const where = { providerId, apiId, archivedAt: null };
  const rows = await tx.route.findMany({ where, select: routeSelection, orderBy: { id: 'asc' } });
  return rows.map((row) => ({ ...row, policies: fromDbPolicies(row.policies) }));
}
