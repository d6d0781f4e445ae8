import 'server-only';
import { portalOf } from '../server/organizations.ts';

export interface PortalParams {
  readonly provider: string;
  readonly customer: string;
}

/** What every page of the consumer portal begins with: whose it is, its address, and whether the reader may change things. */
export async function portalPage(params: Promise<PortalParams>) {
  const { provider: slug, customer: customerId } = await params;
  const { api, customer, provider } = await portalOf(slug, customerId);
  return { api, customer, provider, base: `/p/${slug}/${customerId}`, mayWrite: customer.role === 'owner' };
}
