import { PageHeader } from '@tollwright/ui';
import { type PortalParams, portalPage } from '../../../../../../consumer/portal-page.ts';
import { InvoiceState } from '../../../../../../invoice/invoice-state.tsx';
import { InvoiceFiles, InvoiceView } from '../../../../../../invoice/invoice-view.tsx';
import { found } from '../../../../../../server/found.ts';

export const metadata = { title: 'Invoice' };

type Props = { readonly params: Promise<PortalParams & { readonly invoice: string }> };

/** One invoice of the customer. */
export default async function InvoicePage({ params }: Props) {
  const { invoice: invoiceId } = await params;
  const { api, base, provider } = await portalPage(params);
  const invoice = await found(api.invoice.get({ invoiceId }));
  return (
    <>
      <PageHeader
        title={invoice.number}
        description={`From ${provider.name}`}
        trail={[{ label: 'Plan & billing', href: `${base}/billing` }]}
        action={<InvoiceFiles href={`${base}/billing/${invoiceId}`} />}
        badge={<InvoiceState invoice={invoice} />}
      />
      <InvoiceView invoice={invoice} />
    </>
  );
}
