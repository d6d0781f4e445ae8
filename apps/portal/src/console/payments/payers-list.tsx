import { Callout, CsvButton, EmptyState, FilterBar, Money, Section } from '@tollwright/ui';
import type { Caller } from '../../server/caller.ts';
import { choice, hrefWith, type SearchParams } from '../../usage/address.ts';
import { ChoicePicker } from '../../usage/choice-picker.tsx';
import { periodOf } from '../../usage/period.ts';
import { PeriodPicker } from '../../usage/period-picker.tsx';
import type { Payers } from '../outputs.ts';
import { PayersTable } from './payers-table.tsx';

const OWN = ['included', 'left-out'] as const;

export interface PayersListProps {
  readonly api: Caller;
  readonly base: string;
  readonly search: SearchParams;
}

/** Who paid, the largest first; payments that the provider made to itself can be left out. */
export async function PayersList({ api, base, search }: PayersListProps) {
  const path = `${base}/payments`;
  const { timeZone } = await api.provider.get({});
  const period = periodOf(search, timeZone, Date.now());
  const own = choice(search, 'own', OWN);
  const { from, to } = period;
  const payers = await api.payment.payers({ from, to, limit: 200, withoutOwn: own === 'left-out' });
  return (
    <>
      <FilterBar className="mb-5" end={<PeriodPicker path={path} search={search} current={period.name} />}>
        <ChoicePicker
          label="Your own payments"
          path={path}
          search={search}
          name="own"
          choices={[
            { value: 'included', label: 'All payers' },
            { value: 'left-out', label: 'Without your own' },
          ]}
          current={own}
        />
      </FilterBar>
      {payers.own.payments > 0 ? (
        <Callout
          className="mb-5"
          title={
            <>
              <Money nanoUsd={payers.own.paidNanoUsd} /> came from your own addresses
            </>
          }
          why={
            own === 'included'
              ? 'They receive your payments or send your refunds, so this is no revenue. Leave them out to see what others paid.'
              : 'They are left out of the list and of its sums.'
          }
        />
      ) : null}
      <Section
        rule={false}
        title="Payers"
        description={`Who paid in the ${period.label}: settled payments, also those that went back.${payers.payers > payers.items.length ? ` The largest ${payers.items.length} of ${payers.payers}.` : ''}`}
        action={<CsvButton filename={`payers-${period.name}`} rows={payerRows(payers)} />}
      >
        <PayersTable
          payers={payers}
          hrefOf={(payer) => hrefWith(path, {}, { view: 'payments', payer })}
          empty={
            <EmptyState title={`Nobody paid in the ${period.label}`}>
              An agent that pays for a call is listed here by its address, with all that it paid. Choose a longer period
              to see more.
            </EmptyState>
          }
        />
      </Section>
    </>
  );
}

function payerRows({ items }: Payers) {
  return [
    ['payer', 'own address', 'payments', 'paid nano-USD', 'refunded nano-USD', 'first paid', 'last paid', 'rails'],
    ...items.map((item) => [
      ...[item.payer, item.isOwn ? 'yes' : 'no', item.payments, item.paidNanoUsd, item.refundedNanoUsd],
      ...[item.firstAt, item.lastAt, item.rails.join(' ')],
    ]),
  ];
}
