import { EmptyState, Section, Table } from '@tollwright/ui';
import type { Outputs } from '../outputs.ts';
import { ArchiveTaxRate } from './archive-tax-rate.tsx';
import { InvoiceSettingsForm, type InvoiceSettingsFormProps } from './invoice-settings-form.tsx';
import { TaxRateForm } from './tax-rate-form.tsx';

type TaxRate = Outputs['taxRate']['list']['items'][number];

export interface InvoicesTabProps extends InvoiceSettingsFormProps {
  readonly rates: readonly TaxRate[];
}

/** What invoices say of the provider, and the taxes that they may have. */
export function InvoicesTab({ rates, ...form }: InvoicesTabProps) {
  const { mayWrite } = form;
  return (
    <div>
      <Section
        title="Seller and payment"
        description="As your next invoices say it; those that are issued stay as they are. Reminders are for all that are unpaid."
      >
        <InvoiceSettingsForm {...form} />
      </Section>
      <Section
        title="Tax rates"
        description="Added to your prices, which are without tax. Which one a customer has, its page says."
      >
        <Table
          caption="Tax rates"
          rows={rates}
          rowKey={({ id }) => id}
          columns={[
            { key: 'name', header: 'Tax', cell: ({ name }) => name },
            { key: 'region', header: 'Region', cell: ({ region }) => region },
            { key: 'percent', header: 'Percent', numeric: true, cell: ({ percent }) => `${percent}%` },
            ...(mayWrite
              ? [
                  {
                    key: 'archive',
                    header: 'Archive',
                    headerHidden: true,
                    numeric: true,
                    cell: (rate: TaxRate) => <ArchiveTaxRate rate={rate} />,
                  },
                ]
              : []),
          ]}
          empty={<EmptyState title="No tax rates yet">Invoices have no tax until a customer has a rate.</EmptyState>}
        />
      </Section>
      {mayWrite ? (
        <Section title="Add a tax rate" description="It cannot be changed later: archive it and add another.">
          <TaxRateForm />
        </Section>
      ) : null}
    </div>
  );
}
