import { type CsvCell, formatNanoUsdExact } from '@tollwright/ui';
import type { MarginTop } from '../outputs.ts';

/** Groups of margin as rows for a file, every figure exact. */
export function marginRows({ groups }: Pick<MarginTop, 'groups'>, groupBy: string): readonly (readonly CsvCell[])[] {
  const head = ['revenue (USD)', 'cost (USD)', 'margin (USD)', 'calls without cost', 'their revenue (USD)'];
  return [
    [groupBy, 'id', 'calls', ...head],
    ...groups.map((group) => [
      ...[group.label, group.key, group.calls],
      ...[usd(group.revenueNanoUsd), usd(group.costNanoUsd), usd(group.marginNanoUsd)],
      ...[group.uncostedCalls, usd(group.uncostedRevenueNanoUsd)],
    ]),
  ];
}

function usd(nanoUsd: string): string {
  return formatNanoUsdExact(nanoUsd).replaceAll(',', '');
}
