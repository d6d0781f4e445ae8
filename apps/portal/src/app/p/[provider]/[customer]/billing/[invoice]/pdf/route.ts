import type { PortalParams } from '../../../../../../../consumer/portal-page.ts';
import { invoiceFile } from '../../../../../../../server/invoice-file.ts';
import { portalOf } from '../../../../../../../server/organizations.ts';

type Context = { readonly params: Promise<PortalParams & { readonly invoice: string }> };

/** The invoice, to be printed. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { provider: slug, customer: customerId, invoice } = await params;
  const { provider } = await portalOf(slug, customerId);
  return invoiceFile('pdf', { providerId: provider.id, customerId }, invoice);
}
