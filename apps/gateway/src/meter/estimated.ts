import type { ExtractorRule } from '@tollwright/contracts';
import {
  type CountTokens,
  countsTokens,
  estimateTokens,
  type Fields,
  isComplete,
  promptTokens,
  type TextTally,
} from '@tollwright/policies';
import type { MeterBasis, Reading } from './meter.ts';

/**
 * Completes the fields of an answer that did not report its tokens: input from the request, output from the text that came,
 * which counts for at most `outputTokensMax`. A rule that counts no tokens has nothing to estimate.
 */
export function estimated(
  rule: ExtractorRule,
  fields: Fields,
  from: {
    readonly basis: MeterBasis;
    readonly generated: TextTally;
    readonly outputTokensMax: number;
    readonly count: CountTokens | null;
  },
): Reading {
  if (!countsTokens(rule) || isComplete(rule, fields)) return { fields, estimated: false };
  const { basis, generated, outputTokensMax, count } = from;
  const isEstimated = estimateTokens(fields, {
    inputTokens: () => (basis.request === null ? 0 : promptTokens(basis.request, count)),
    outputTokens: () => Math.min(generated.tokens(count), outputTokensMax),
  });
  return { fields, estimated: isEstimated };
}
