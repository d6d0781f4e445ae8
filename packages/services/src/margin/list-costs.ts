import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type CostTableOutput, costTableOutput, toCostTable } from './cost-table.ts';

export const listCostsInput = z.object({
  providerId,
  apiId: idText.optional().meta({ description: 'Tables of this API and of its routes' }),
  routeId: idText.optional(),
  ...pageInput,
});
export const listCostsOutput = pageOf(costTableOutput);

/** What was said of costs, newest first: past tables, those in force and those to come. */
export async function listCosts(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listCostsInput>,
): Promise<Page<CostTableOutput>> {
  const wanted = parse(listCostsInput, input);
  const { providerId, apiId, routeId } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'desc');
  const where = {
    ...{ providerId, id: after },
    ...(apiId === undefined ? {} : { apiId }),
    ...(routeId === undefined ? {} : { routeId }),
  };
  const rows = await read(ctx, access, (tx) => tx.costTable.findMany({ where, orderBy, take }));
  return toPage(rows, wanted.limit, toCostTable);
}
