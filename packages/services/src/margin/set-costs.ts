import { usdDecimal } from '@tollwright/contracts';
import { type Tx, toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId, timestamp } from '../fields.ts';
import { parse } from '../parse.ts';
import { invalid, notFound } from '../refusals.ts';
import { type CostTableOutput, costTableOutput, modelCosts, toCostTable } from './cost-table.ts';
import { readCostCsv } from './read-cost-csv.ts';

const CSV_LENGTH_MAX = 1_000_000;

export const setCostsInput = z.object({
  providerId,
  apiId: idText.optional().meta({ description: 'Default: every API' }),
  routeId: idText.optional().meta({ description: 'Default: every route' }),
  effectiveFrom: timestamp
    .optional()
    .meta({ description: 'Calls from then on, of those that still come in. Default: now' }),
  callUsd: usdDecimal.optional().meta({ description: 'Dollars a call, beside its tokens' }),
  models: modelCosts.optional(),
  csv: z.string().max(CSV_LENGTH_MAX).optional().meta({
    description:
      'In place of models: model,input_usd_per_million,cached_input_usd_per_million,output_usd_per_million,reasoning_usd_per_million',
  }),
});
export const setCostsOutput = costTableOutput;

/**
 * Says what calls cost from a moment on: of every API, of one, or of one route. What was said before stays what it was; a call
 * keeps the cost that it had when it came in. Without a price of a call and without models the scope says nothing from then on.
 */
export async function setCosts(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof setCostsInput>,
): Promise<CostTableOutput> {
  const wanted = parse(setCostsInput, input);
  const { providerId, routeId, callUsd } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'write');
  const models = modelsOf(wanted);
  return change(ctx, access, async (step) => {
    const id = step.id('costTable');
    const apiId = await apiOf(step.tx, wanted);
    const row = await step.tx.costTable.create({
      data: {
        ...{ id, providerId, apiId, routeId: routeId ?? null, callUsd: callUsd ?? null, models: toDbJson(models) },
        effectiveFrom: wanted.effectiveFrom === undefined ? step.now : new Date(wanted.effectiveFrom),
        createdAt: step.now,
      },
    });
    const after = toCostTable(row);
    await step.audit({ action: 'cost.set', targetId: id, after });
    return after;
  });
}

function modelsOf({ models, csv }: z.output<typeof setCostsInput>) {
  if (csv === undefined) return assertDifferent(models ?? []);
  if (models !== undefined) throw invalid('csv', 'cannot be sent beside models');
  return readCostCsv(csv);
}

function assertDifferent<Model extends { readonly model: string }>(models: readonly Model[]): readonly Model[] {
  const seen = new Set<string>();
  for (const [index, { model }] of models.entries()) {
    if (seen.has(model)) throw invalid(`models.${index}.model`, `${model} is listed twice`);
    seen.add(model);
  }
  return models;
}

async function apiOf(tx: Tx, { providerId, apiId, routeId }: z.output<typeof setCostsInput>): Promise<string | null> {
  if (routeId !== undefined) {
    const where = { providerId, id: routeId, ...(apiId === undefined ? {} : { apiId }) };
    const route = await tx.route.findFirst({ where, select: { apiId: true } });
    if (route === null) throw notFound();
    return route.apiId;
  }
  if (apiId === undefined) return null;
  const api = await tx.api.findFirst({ where: { providerId, id: apiId }, select: { id: true } });
  if (api === null) throw notFound();
  return api.id;
}
