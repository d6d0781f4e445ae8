import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { findApi } from '../api/find-api.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type RouteOutput, routeOutput, toRoute } from './route.ts';

export const listRoutesInput = z.object({ providerId, apiId: idText, ...pageInput });
export const listRoutesOutput = pageOf(routeOutput);

/** An API's routes. */
export async function listRoutes(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listRoutesInput>,
): Promise<Page<RouteOutput>> {
  const wanted = parse(listRoutesInput, input);
  const { providerId, apiId } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'asc');
  const rows = await read(ctx, access, async (tx) => {
    await findApi(tx, providerId, apiId);
    return tx.route.findMany({ where: { providerId, apiId, archivedAt: null, id: after }, orderBy, take });
  });
  return toPage(rows, wanted.limit, toRoute);
}
