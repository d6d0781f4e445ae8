import type { Tx } from '@tollwright/db';
import { notFound } from '../refusals.ts';
import { apiSelection } from './api.ts';

/** An API of this provider, without its secrets. Throws `not-found`. */
export async function findApi(tx: Tx, providerId: string, apiId: string) {
  const row = await tx.api.findFirst({ where: { providerId, id: apiId, archivedAt: null }, select: apiSelection });
  if (!row) throw notFound();
  return row;
}
