import type { AppRouter } from '@tollwright/api';
import { type CsvCell, formatNanoUsdExact } from '@tollwright/ui';
import type { inferRouterOutputs } from '@trpc/server';

type UsageTop = inferRouterOutputs<AppRouter>['usage']['top'];

/** Groups of usage as rows for a file, every figure exact. */
export function topRows({ groups }: Pick<UsageTop, 'groups'>, groupBy: string): readonly (readonly CsvCell[])[] {
  const head = [groupBy, 'id', 'calls', 'errors', 'input tokens', 'output tokens', 'charged (USD)'];
  return [
    head,
    ...groups.map((group) => [
      group.label,
      group.key,
      group.calls,
      group.errors,
      group.inputTokens,
      group.outputTokens,
      formatNanoUsdExact(group.chargedNanoUsd).replaceAll(',', ''),
    ]),
  ];
}
