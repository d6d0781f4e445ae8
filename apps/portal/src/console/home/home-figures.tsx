import { Figures, Money, Quantity } from '@tollwright/ui';
import type { UsagePeriod } from '../../usage/period.ts';
import type { ProviderHome } from '../outputs.ts';

/** What was earned, what was called and by how many. */
export function HomeFigures(props: {
  readonly home: ProviderHome;
  readonly period: UsagePeriod;
  readonly base: string;
}) {
  const { home, period, base } = props;
  const of = period.name === '7d' ? '' : `&period=${period.name}`;
  return (
    <div data-period-from={home.from} data-period-to={home.to}>
      <Figures
        label={`Figures of the ${period.label}`}
        className="mb-8"
        items={[
          {
            label: 'Revenue',
            value: <Money figure="revenue" nanoUsd={home.revenueNanoUsd} mode="compact" />,
            period: period.label,
            href: `${base}/usage?by=customer${of}`,
          },
          {
            label: 'Calls',
            value: <Quantity figure="calls" value={home.calls} />,
            period: period.label,
            href: `${base}/usage?measure=calls${of}`,
          },
          {
            label: 'Active agents',
            value: <Quantity figure="active-agents" value={home.activeAgents} />,
            period: period.label,
            href: `${base}/usage?by=agent${of}`,
          },
          {
            label: 'Paid per call',
            value: <Money figure="payments" nanoUsd={home.paymentsNanoUsd} mode="compact" />,
            period: `${home.settledPayments} settled, ${period.label}`,
            href: `${base}/payments`,
          },
          {
            label: 'Errors',
            value: <Quantity figure="errors" value={home.errors} />,
            period: period.label,
            href: `${base}/usage?measure=errors${of}`,
          },
        ]}
      />
    </div>
  );
}
