import { z } from 'zod';
import { fieldName } from './json.ts';

/** Path into a JSON answer: member names and indexes joined by dots, such as `$.usage.prompt_tokens`. */
export const jsonPath = z
  .string()
  .regex(/^\$(\.[A-Za-z0-9_-]{1,64})+$/, 'must look like $.usage.total_tokens')
  .max(256);

/**
 * How a response becomes event fields. `openai` reads chat completions, legacy completions and responses, JSON and SSE,
 * into `model`, `input_tokens`, `output_tokens`, `total_tokens`; `json` reads the named paths of a JSON answer.
 */
export const extractorRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('openai') }),
  z.object({ kind: z.literal('json'), fields: z.record(fieldName, jsonPath) }),
]);
export type ExtractorRule = z.output<typeof extractorRule>;

export const meterDefinition = z
  .object({
    slug: fieldName,
    eventType: z.string().regex(/^[a-z][a-z0-9._-]{0,63}$/),
    aggregation: z.enum(['COUNT', 'SUM']),
    valueProperty: jsonPath.nullable(),
    groupBy: z.record(fieldName, jsonPath),
  })
  .refine((meter) => (meter.aggregation === 'SUM') === (meter.valueProperty !== null), {
    path: ['valueProperty'],
    message: 'SUM needs a value property such as $.input_tokens; COUNT takes none',
  });
