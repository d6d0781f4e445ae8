import { RankedBars, Section } from '@tollwright/ui';
import type { UsagePeriod } from '../../usage/period.ts';
import type { UsageTop } from '../outputs.ts';

export interface RankingsProps {
  readonly customers: UsageTop;
  readonly agents: UsageTop;
  readonly period: UsagePeriod;
  readonly base: string;
}

/** Who spent most, side by side. */
export function Rankings({ customers, agents, period, base }: RankingsProps) {
  const money = { kind: 'money' } as const;
  const empty = <p className="text-base text-muted">Nobody called in the {period.label}.</p>;
  return (
    <div className="grid gap-x-12 border-t border-line pt-5 lg:grid-cols-2">
      <Section title="Top customers" description={`Charged for calls, ${period.label}.`} rule={false}>
        <RankedBars
          label={`Customers by amount charged, ${period.label}`}
          measure={money}
          items={customers.groups.map(({ key, label, chargedNanoUsd }) => ({
            key,
            label,
            value: chargedNanoUsd,
            href: key === '' ? `${base}/payments` : `${base}/customers/${key}`,
          }))}
          empty={empty}
        />
      </Section>
      <Section title="Top agents" description={`Charged for calls, ${period.label}.`} rule={false}>
        <RankedBars
          label={`Agents by amount charged, ${period.label}`}
          measure={money}
          items={agents.groups
            .filter(({ key }) => key !== '')
            .map(({ key, label, chargedNanoUsd }) => ({
              key,
              label,
              value: chargedNanoUsd,
              href: `${base}/usage?view=calls&agent=${key}`,
            }))}
          empty={empty}
        />
      </Section>
    </div>
  );
}
