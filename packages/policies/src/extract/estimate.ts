import { type Fields, totalOf } from './fields.ts';

/** What a call used as far as somebody else than its upstream can tell. Asked only for what was not reported. */
export interface Estimates {
  inputTokens(): number;
  outputTokens(): number;
}

/** Fills in token counts that no usage reported, and leaves reported ones alone. Answers whether anything was estimated. */
export function estimateTokens(fields: Fields, estimates: Estimates): boolean {
  let estimated = false;
  if (fields.input_tokens === undefined) {
    fields.input_tokens = estimates.inputTokens();
    estimated = true;
  }
  if (fields.output_tokens === undefined) {
    fields.output_tokens = estimates.outputTokens();
    estimated = true;
  }
  if (fields.total_tokens === undefined) fields.total_tokens = totalOf(fields);
  return estimated;
}
