import { invoiceFile } from '../../../../../../server/invoice-file.ts';
import { consoleOf } from '../../../../../../server/organizations.ts';

type Context = { readonly params: Promise<{ provider: string; invoice: string }> };

/** The invoice, to be printed. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { provider: slug, invoice } = await params;
  const { provider } = await consoleOf(slug);
  return invoiceFile('pdf', { providerId: provider.id, customerId: null }, invoice);
}
