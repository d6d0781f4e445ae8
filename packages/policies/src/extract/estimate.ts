import type { Fields } from './openai.ts';

const BYTES_PER_TOKEN = 4;

/**
 * Fills in token counts that no usage reported, from bytes: four bytes a token, rounded up, never above the bound that
 * was priced. Leaves reported counts alone. Answers whether anything was estimated.
 */
export function estimateTokens(
  fields: Fields,
  seen: { readonly inputBytes: number; readonly generatedBytes: number; readonly outputTokensBound: number },
): boolean {
  let estimated = false;
  if (fields.input_tokens === undefined) {
    fields.input_tokens = Math.ceil(seen.inputBytes / BYTES_PER_TOKEN);
    estimated = true;
  }
  if (fields.output_tokens === undefined) {
    fields.output_tokens = Math.min(Math.ceil(seen.generatedBytes / BYTES_PER_TOKEN), seen.outputTokensBound);
    estimated = true;
  }
  if (fields.total_tokens === undefined) {
    fields.total_tokens = Number(fields.input_tokens) + Number(fields.output_tokens);
  }
  return estimated;
}
