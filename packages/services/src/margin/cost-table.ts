import { usdDecimal } from '@tollwright/contracts';
import type { CostTable } from '@tollwright/core';
import type { DbCostTable } from '@tollwright/db';
import { z } from 'zod';

/** A model's name as answers report it, or its beginning followed by `*`. */
const modelName = z
  .string()
  .trim()
  .min(1)
  .max(128)
  .regex(/^[^*\p{Cc}]*\*?$/u, 'may have a * at its end only');

/** What one model's tokens cost, in decimal dollars for a million. A missing price is that of the whole it is part of. */
export const modelCost = z.object({
  model: modelName,
  inputUsdPerMillion: usdDecimal,
  cachedInputUsdPerMillion: usdDecimal.nullable().default(null),
  cacheWriteUsdPerMillion: usdDecimal.nullable().default(null),
  outputUsdPerMillion: usdDecimal,
  reasoningUsdPerMillion: usdDecimal.nullable().default(null),
});

export const MODEL_COSTS_MAX = 2_000;
export const modelCosts = z.array(modelCost).max(MODEL_COSTS_MAX);

export const costTableOutput = z.object({
  id: z.string(),
  /** Null: every API. */
  apiId: z.string().nullable(),
  /** Null: every route. */
  routeId: z.string().nullable(),
  effectiveFrom: z.string(),
  /** Decimal dollars a call, beside its tokens; null: nothing is said of it. */
  callUsd: z.string().nullable(),
  models: z.array(modelCost.required()),
  createdAt: z.string(),
});
export type CostTableOutput = z.output<typeof costTableOutput>;

export function toCostTable(row: DbCostTable): CostTableOutput {
  return {
    id: row.id,
    apiId: row.apiId,
    routeId: row.routeId,
    effectiveFrom: row.effectiveFrom.toISOString(),
    ...fromDbCosts(row),
    createdAt: row.createdAt.toISOString(),
  };
}

/** The prices of a row. */
export function fromDbCosts({ callUsd, models }: Pick<DbCostTable, 'callUsd' | 'models'>) {
  return { callUsd, models: modelCosts.parse(models) } satisfies CostTable;
}
