import { z } from 'zod';
import { fieldName } from './json.ts';

/** Path into a JSON answer: member names and indexes joined by dots, such as `$.usage.prompt_tokens`. */
export const jsonPath = z
  .string()
  .regex(/^\$(\.[A-Za-z0-9_-]{1,64})+$/, 'must look like $.usage.total_tokens')
  .max(256);

/** Name of a header of an answer, in lower case. */
export const headerName = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'must be the name of a header');

/**
 * The most that one call may report for a field that nothing else bounds, such as `bytes_out`: what is held for it. A field
 * that money or a quota depends on needs a bound, else calls are refused.
 */
const atMost = z.record(fieldName, z.int().min(0)).exactOptional();

/**
 * How a response becomes event fields.
 * - `openai` reads chat completions, legacy completions and responses, JSON and SSE, into `model`, `input_tokens`,
 *   `output_tokens`, `total_tokens` and details such as `cached_input_tokens` and `reasoning_tokens`. Unless `includeUsage`
 *   is false, streams of completions are asked for their usage, which a caller who did not ask for it does not get to see.
 * - `anthropic` reads messages, JSON and SSE, into the same fields, `cache_creation_input_tokens` and
 *   `cache_read_input_tokens`.
 * - `json` reads the named paths of a JSON answer, `headers` the named headers of any answer.
 */
export const extractorRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('openai'), includeUsage: z.boolean().exactOptional(), atMost }),
  z.object({ kind: z.literal('anthropic'), atMost }),
  z.object({ kind: z.literal('json'), fields: z.record(fieldName, jsonPath), atMost }),
  z.object({ kind: z.literal('headers'), headers: z.record(fieldName, headerName), atMost }),
]);
export type ExtractorRule = z.output<typeof extractorRule>;

/** Fields that the gateway itself writes into the event of every call, whatever reads its answer. */
export const GATEWAY_FIELDS = ['bytes_in', 'bytes_out', 'duration_ms'] as const;

export const METER_AGGREGATIONS = ['SUM', 'COUNT', 'UNIQUE_COUNT', 'AVG', 'MIN', 'MAX', 'LATEST'] as const;

export const meterDefinition = z
  .object({
    slug: fieldName,
    eventType: z.string().regex(/^[a-z][a-z0-9._-]{0,63}$/),
    aggregation: z.enum(METER_AGGREGATIONS),
    valueProperty: jsonPath.nullable(),
    groupBy: z.record(fieldName, jsonPath),
  })
  .refine((meter) => (meter.aggregation === 'COUNT') === (meter.valueProperty === null), {
    path: ['valueProperty'],
    message: 'COUNT takes none; every other aggregation needs a value property such as $.input_tokens',
  });
