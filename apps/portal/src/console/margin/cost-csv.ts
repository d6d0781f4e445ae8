import type { CostTable } from '../outputs.ts';

type ModelCost = CostTable['models'][number];

const COLUMNS = {
  model: 'model',
  input_usd_per_million: 'inputUsdPerMillion',
  cached_input_usd_per_million: 'cachedInputUsdPerMillion',
  cache_write_usd_per_million: 'cacheWriteUsdPerMillion',
  output_usd_per_million: 'outputUsdPerMillion',
  reasoning_usd_per_million: 'reasoningUsdPerMillion',
} as const satisfies Readonly<Record<string, keyof ModelCost>>;

export const COST_CSV_HEAD = Object.keys(COLUMNS).join(',');

/** Model costs as the lines that they can be imported by. */
export function costCsv(models: readonly ModelCost[]): string {
  const lines = models.map((cost) => Object.values(COLUMNS).map((member) => cell(cost[member] ?? '')));
  return [COST_CSV_HEAD, ...lines.map((cells) => cells.join(','))].join('\n');
}

function cell(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
