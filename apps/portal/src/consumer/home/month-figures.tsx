import { Figures, Money, Quantity } from '@tollwright/ui';
import type { CustomerHome, Subscription } from '../outputs.ts';

export interface MonthFiguresProps {
  readonly home: CustomerHome;
  readonly subscription: Subscription | undefined;
  readonly base: string;
}

/** The running month in four numbers, each a door to what explains it. */
export function MonthFigures({ home, subscription, base }: MonthFiguresProps) {
  return (
    <Figures
      label="This month"
      className="mb-8"
      items={[
        {
          label: 'Charged for calls',
          value: <Money figure="charged" nanoUsd={home.chargedNanoUsd} mode="compact" />,
          period: 'this month, UTC',
          href: `${base}/billing#charges`,
        },
        {
          label: 'Plan fee',
          value: <Money figure="fees" nanoUsd={home.feesNanoUsd} mode="compact" />,
          period: subscription ? `${subscription.plan.name}, this month` : 'no plan yet',
          href: `${base}/billing`,
        },
        {
          label: 'Calls',
          value: <Quantity figure="calls" value={home.calls} />,
          period: 'this month, UTC',
          href: `${base}/usage?measure=calls&period=30d`,
        },
        {
          label: 'Active agents',
          value: <Quantity figure="active-agents" value={home.activeAgents} />,
          period: `of ${home.agents}, this month`,
          href: `${base}/agents`,
        },
      ]}
    />
  );
}
