import { PageHeader, TextLink } from '@tollwright/ui';
import { consolePage } from '../../../../../console/console-page.ts';
import { InvoiceActions, PaidInvoiceActions } from '../../../../../console/invoices/invoice-actions.tsx';
import { OwnersOnly } from '../../../../../console/owners-only.tsx';
import { InvoiceState } from '../../../../../invoice/invoice-state.tsx';
import { InvoiceFiles, InvoiceView } from '../../../../../invoice/invoice-view.tsx';
import { found } from '../../../../../server/found.ts';

export const metadata = { title: 'Invoice' };

type Props = { readonly params: Promise<{ provider: string; invoice: string }> };

/** One invoice, and what can be done with it while it is open. */
export default async function InvoicePage({ params }: Props) {
  const { invoice: invoiceId } = await params;
  const { api, base, mayWrite } = await consolePage(params);
  const invoice = await found(api.invoice.get({ invoiceId }));
  return (
    <>
      <PageHeader
        title={invoice.number}
        description={
          <>
            To <TextLink href={`${base}/customers/${invoice.customerId}`}>{invoice.customerName}</TextLink>
          </>
        }
        trail={[{ label: 'Invoices', href: `${base}/invoices` }]}
        action={<InvoiceFiles href={`${base}/invoices/${invoiceId}`} />}
        badge={<InvoiceState invoice={invoice} />}
      />
      <InvoiceView invoice={invoice} />
      {invoice.state === 'open' ? (
        <OwnersOnly mayWrite={mayWrite} can="settle invoices">
          <InvoiceActions invoice={invoice} />
        </OwnersOnly>
      ) : null}
      {invoice.state === 'paid' && invoice.paidNanoUsd !== '0' ? (
        <OwnersOnly mayWrite={mayWrite} can="pay invoices back">
          <PaidInvoiceActions invoice={invoice} />
        </OwnersOnly>
      ) : null}
    </>
  );
}
