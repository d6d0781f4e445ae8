import { nanoUsdText } from '@tollwright/contracts';
import { sql } from '@tollwright/db';
import { z } from 'zod';

/** What is counted of calls. Each is a sum over usage_event, as README.md defines. */
export const usageFigures = z.object({
  calls: z.int(),
  /** Calls answered with status 400 or above. */
  errors: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  /** What the calls are worth. */
  ratedNanoUsd: nanoUsdText,
  /** What was charged for them: at most what each call held. */
  chargedNanoUsd: nanoUsdText,
  /** Rated minus charged: the provider's loss. */
  shortfallNanoUsd: nanoUsdText,
});
export type UsageFigures = z.output<typeof usageFigures>;

/** The sums as a query answers them. */
export interface SummedRow {
  readonly calls: bigint;
  readonly errors: bigint;
  readonly input_tokens: bigint;
  readonly output_tokens: bigint;
  readonly rated_nano_usd: bigint;
  readonly charged_nano_usd: bigint;
  readonly shortfall_nano_usd: bigint;
}

/** Select list that sums usage_rollup, aliased `r`, into a SummedRow. */
export const SUMS = sql`
  coalesce(sum(r.calls), 0)::bigint AS calls, coalesce(sum(r.errors), 0)::bigint AS errors,
  coalesce(sum(r.input_tokens), 0)::bigint AS input_tokens, coalesce(sum(r.output_tokens), 0)::bigint AS output_tokens,
  coalesce(sum(r.rated_nano_usd), 0)::bigint AS rated_nano_usd,
  coalesce(sum(r.charged_nano_usd), 0)::bigint AS charged_nano_usd,
  coalesce(sum(r.shortfall_nano_usd), 0)::bigint AS shortfall_nano_usd`;

export function toFigures(row: SummedRow): UsageFigures {
  return {
    calls: Number(row.calls),
    errors: Number(row.errors),
    inputTokens: Number(row.input_tokens),
    outputTokens: Number(row.output_tokens),
    ratedNanoUsd: row.rated_nano_usd.toString(),
    chargedNanoUsd: row.charged_nano_usd.toString(),
    shortfallNanoUsd: row.shortfall_nano_usd.toString(),
  };
}

export function addFigures(a: UsageFigures, b: UsageFigures): UsageFigures {
  const money = (x: string, y: string) => (BigInt(x) + BigInt(y)).toString();
  return {
    calls: a.calls + b.calls,
    errors: a.errors + b.errors,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    ratedNanoUsd: money(a.ratedNanoUsd, b.ratedNanoUsd),
    chargedNanoUsd: money(a.chargedNanoUsd, b.chargedNanoUsd),
    shortfallNanoUsd: money(a.shortfallNanoUsd, b.shortfallNanoUsd),
  };
}

export const NO_USAGE: UsageFigures = {
  calls: 0,
  errors: 0,
  inputTokens: 0,
  outputTokens: 0,
  ratedNanoUsd: '0',
  chargedNanoUsd: '0',
  shortfallNanoUsd: '0',
};
