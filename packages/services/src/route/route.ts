import type { DbRoute } from '@tollwright/db';
import { z } from 'zod';
import { moneyText } from '../fields.ts';

export const routeOutput = z.object({
  id: z.string(),
  apiId: z.string(),
  operationId: z.string(),
  method: z.string(),
  pathTemplate: z.string(),
  summary: z.string(),
  extractorId: z.string().nullable(),
  bodyBytesMax: z.int(),
  strangerPriceNanoUsd: moneyText
    .nullable()
    .meta({ description: 'Price of a call without a key; null refuses strangers' }),
});
export type RouteOutput = z.output<typeof routeOutput>;

export function toRoute(row: DbRoute): RouteOutput {
  const { id, apiId, operationId, method, pathTemplate, summary, extractorId, bodyBytesMax } = row;
  const strangerPriceNanoUsd = row.strangerPriceNanoUsd?.toString() ?? null;
  return { id, apiId, operationId, method, pathTemplate, summary, extractorId, bodyBytesMax, strangerPriceNanoUsd };
}
