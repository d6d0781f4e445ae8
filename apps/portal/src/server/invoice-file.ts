import 'server-only';
import { createCaller, fileResponse, type Organization } from '@tollwright/api';
import { sessionContext } from './api-context.ts';
import { found } from './found.ts';

/** A file of an invoice, for the signed-in person; a 404 page where there is no such invoice for it. */
export async function invoiceFile(
  kind: 'pdf' | 'usage',
  organization: Organization,
  invoiceId: string,
): Promise<Response> {
  const context = await sessionContext(organization);
  const file = await found(createCaller(context).invoice[kind]({ invoiceId }));
  return fileResponse(file, context);
}
