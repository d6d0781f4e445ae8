import type { UsageSeries } from '@tollwright/services';
import { EmptyState, Section } from '@tollwright/ui';
import type { SearchParams } from '../../usage/address.ts';
import { ChoicePicker } from '../../usage/choice-picker.tsx';
import type { UsagePeriod } from '../../usage/period.ts';
import { UsageChart } from '../../usage/usage-chart.tsx';
import { curlSnippet, type SnippetTarget } from '../snippets.ts';

/** How the home page's chart may be grouped; the first is the default. */
export const SPENDING_GROUPS = ['agent', 'model'] as const;

export interface SpendingProps {
  readonly by: (typeof SPENDING_GROUPS)[number];
  readonly series: UsageSeries;
  readonly period: UsagePeriod;
  readonly path: string;
  readonly search: SearchParams;
  readonly target: SnippetTarget | null;
}

/** What was charged over the last days, by agent or model. */
export function Spending({ by, series, period, path, search, target }: SpendingProps) {
  const picker = (
    <ChoicePicker
      label="Group by"
      path={path}
      search={search}
      name="by"
      current={by}
      choices={[
        { value: 'agent', label: 'By agent' },
        { value: 'model', label: 'By model' },
      ]}
    />
  );
  return (
    <Section title="Spending" action={picker}>
      <UsageChart
        title={`Charged by ${by}`}
        series={series}
        measure="charged"
        period={period}
        filename={`charged-by-${by}`}
        empty={
          <EmptyState
            title={`Nothing charged in the ${period.label}`}
            command={target ? { title: 'First call', code: curlSnippet(target, 'YOUR_KEY') } : undefined}
          >
            Call with an agent&rsquo;s key; it is on this chart within 5 seconds.
          </EmptyState>
        }
      />
    </Section>
  );
}
