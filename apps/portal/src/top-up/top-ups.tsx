import type { AppRouter } from '@tollwright/api';
import { Badge, Identifier, Money, Section, Table, type TableColumn, Timestamp, type Tone } from '@tollwright/ui';
import type { inferRouterOutputs } from '@trpc/server';
import type { ReactNode } from 'react';

export type TopUps = inferRouterOutputs<AppRouter>['topUp']['get'];
export type TopUpRule = TopUps['rules'][number];
type TopUpCharge = TopUps['charges'][number];

interface Props {
  readonly topUps: TopUps;
  /** Of agents, by id. */
  readonly names: ReadonlyMap<string, string>;
  /** What may be done with a rule; nothing where it is left out. */
  readonly actionOf?: (rule: TopUpRule) => ReactNode;
  readonly children?: ReactNode;
}

/** The saved card, when balances are topped up from it, and what was charged. */
export function TopUpsSection({ topUps, names, actionOf, children }: Props) {
  const { card, rules, charges } = topUps;
  return (
    <Section
      id="top-up"
      title="Automatic top-up"
      description="When a balance falls below an amount, the saved card pays in, never more than the cap of a calendar month (UTC)."
    >
      <p className="mb-4 text-base">
        {card === null ? 'No card is saved.' : `${brandOf(card.brand)} ending in ${card.last4}, ${expiryOf(card)}`}
      </p>
      {rules.length === 0 ? null : (
        <Table
          caption="Rules"
          rows={rules}
          rowKey={({ id }) => id}
          columns={[
            ...ruleColumns(names),
            ...(actionOf === undefined
              ? []
              : [{ key: 'action', header: 'Actions', headerHidden: true, numeric: true, cell: actionOf }]),
          ]}
          empty={null}
        />
      )}
      {children}
      {charges.length === 0 ? null : (
        <Table
          className="mt-4"
          caption="What was charged, newest first"
          rows={charges}
          rowKey={({ id }) => id}
          columns={CHARGES}
          empty={null}
        />
      )}
    </Section>
  );
}

function brandOf(brand: string): string {
  return brand.charAt(0).toUpperCase() + brand.slice(1);
}

function expiryOf({ expMonth, expYear }: NonNullable<TopUps['card']>): string {
  return `valid until ${String(expMonth).padStart(2, '0')}/${expYear}`;
}

/** What a rule does now, in words. */
function stateOf({ pausedBy, isCapped }: TopUpRule): { readonly label: string; readonly tone: Tone } {
  if (pausedBy === 'failure') return { label: 'Paused: the card was not charged', tone: 'red' };
  if (pausedBy === 'provider') return { label: 'Paused by the provider', tone: 'amber' };
  if (pausedBy === 'owner') return { label: 'Paused', tone: 'neutral' };
  return isCapped ? { label: 'Cap reached', tone: 'amber' } : { label: 'On', tone: 'green' };
}

function ruleColumns(names: ReadonlyMap<string, string>): readonly TableColumn<TopUpRule>[] {
  return [
    {
      key: 'whose',
      header: 'Balance of',
      cell: ({ agentId }) => (agentId === null ? 'All agents' : (names.get(agentId) ?? agentId)),
    },
    { key: 'below', header: 'Below', numeric: true, cell: ({ belowNanoUsd }) => <Money nanoUsd={belowNanoUsd} /> },
    {
      key: 'pays',
      header: 'Pays in',
      numeric: true,
      cell: ({ priceNanoUsd, creditNanoUsd, pack }) => (
        <>
          <Money nanoUsd={priceNanoUsd} />
          {pack === null ? null : (
            <span className="text-faint">
              {' '}
              for <Money nanoUsd={creditNanoUsd} /> ({pack})
            </span>
          )}
        </>
      ),
    },
    {
      key: 'month',
      header: 'This month, of its cap',
      numeric: true,
      cell: ({ chargedThisMonthNanoUsd, monthlyCapNanoUsd }) => (
        <>
          <Money nanoUsd={chargedThisMonthNanoUsd} /> of <Money nanoUsd={monthlyCapNanoUsd} />
        </>
      ),
    },
    {
      key: 'state',
      header: 'State',
      cell: (rule) => <Badge tone={stateOf(rule).tone}>{stateOf(rule).label}</Badge>,
    },
  ];
}

const STATES: Readonly<Record<TopUpCharge['state'], { readonly label: string; readonly tone: Tone }>> = {
  intended: { label: 'Under way', tone: 'amber' },
  settled: { label: 'Paid', tone: 'green' },
  failed: { label: 'Failed, not paid', tone: 'red' },
};

const CHARGES: readonly TableColumn<TopUpCharge>[] = [
  { key: 'at', header: 'When', cell: ({ createdAt }) => <Timestamp at={createdAt} /> },
  {
    key: 'state',
    header: 'State',
    cell: ({ state, reason }) => (
      <>
        <Badge tone={STATES[state].tone}>{STATES[state].label}</Badge>{' '}
        {reason === null ? null : <span className="text-faint">{reason}</span>}
      </>
    ),
  },
  {
    key: 'payment',
    header: 'Payment',
    cell: ({ state, paymentId }) => (state === 'settled' ? <Identifier value={paymentId} short /> : null),
  },
  { key: 'price', header: 'Price', numeric: true, cell: ({ priceNanoUsd }) => <Money nanoUsd={priceNanoUsd} /> },
  { key: 'credit', header: 'Credit', numeric: true, cell: ({ creditNanoUsd }) => <Money nanoUsd={creditNanoUsd} /> },
];
