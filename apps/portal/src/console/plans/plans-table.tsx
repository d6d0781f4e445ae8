import { Badge, Money, Quantity, Table } from '@tollwright/ui';
import type { ReactNode } from 'react';
import { modelPrices, monthlyFeeNanoUsd, unitPrices } from '../../plan/price-list.ts';
import { quotaText, rateLimitText } from '../../plan/words.ts';
import type { Plan, Terms } from '../outputs.ts';

export interface PlansTableProps {
  readonly plans: readonly Plan[];
  readonly customerNames: ReadonlyMap<string, string>;
  readonly path: string;
  readonly empty: ReactNode;
}

/** Plans in their newest version. */
export function PlansTable({ plans, customerNames, path, empty }: PlansTableProps) {
  return (
    <Table
      caption="Plans"
      rows={plans}
      rowKey={({ id }) => id}
      rowHref={({ id }) => `${path}/${id}`}
      columns={[
        { key: 'name', header: 'Name', cell: ({ name }) => name },
        {
          key: 'version',
          header: 'Version',
          cell: ({ versions }) => (
            <span className="inline-flex flex-wrap gap-1.5">
              {versions[0]?.status === 'draft' ? <Badge tone="amber">Draft {versions[0].version}</Badge> : null}
              {published(versions) ? <Badge tone="green">Version {published(versions)?.version}</Badge> : null}
            </span>
          ),
        },
        {
          key: 'for',
          header: 'For',
          cell: ({ customerId }) =>
            customerId === null ? 'Everybody' : (customerNames.get(customerId) ?? 'One customer'),
        },
        {
          key: 'rate',
          header: 'Rate limit',
          cell: ({ versions }) => {
            const rateLimit = termsOf(versions)?.rateLimit ?? null;
            return <span title={rateLimitText(rateLimit)}>{rateLimitText(rateLimit, 'compact')}</span>;
          },
        },
        { key: 'quota', header: 'Quota', cell: ({ versions }) => quotasText(termsOf(versions)) },
        { key: 'prices', header: 'Prices', cell: ({ versions }) => pricesText(termsOf(versions)) },
        {
          key: 'fee',
          header: 'Monthly fee',
          numeric: true,
          cell: ({ versions }) => <Money nanoUsd={monthlyFeeNanoUsd(termsOf(versions)?.rateCards ?? [])} />,
        },
        {
          key: 'subscribers',
          header: 'Subscribers',
          numeric: true,
          cell: ({ subscribers }) => <Quantity value={subscribers} />,
        },
      ]}
      empty={empty}
    />
  );
}

function published(versions: Plan['versions']) {
  return versions.find(({ status }) => status === 'published');
}

function termsOf(versions: Plan['versions']): Terms | undefined {
  return (published(versions) ?? versions[0])?.terms;
}

function quotasText(terms: Terms | undefined): ReactNode {
  if (!terms || terms.quotas.length === 0) return 'No limit';
  const text = (digits: 'exact' | 'compact') => terms.quotas.map((quota) => quotaText(quota, digits)).join(', ');
  return <span title={text('exact')}>{text('compact')}</span>;
}

function pricesText(terms: Terms | undefined): ReactNode {
  const models = modelPrices(terms?.rateCards ?? []).lines.length;
  const units = unitPrices(terms?.rateCards ?? []).length;
  const parts = [
    ...(models > 0 ? [`${models} ${models === 1 ? 'model' : 'models'}`] : []),
    ...(units > 0 ? [`${units} per unit`] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : <span className="text-faint">None</span>;
}
