import type { ApiSnapshot, Principal } from '@tollwright/contracts';

/** Whose volume a payment is in: the customer of the key beside it, else the wallet that signs it. Null: nobody knows who pays. */
export function volumePayerOf(principal: Principal | null, wallet: string): string | null {
  if (principal !== null) return `customer:${principal.customer.customerId}`;
  return wallet === '' ? null : `wallet:${wallet.toLowerCase()}`;
}

/** Whether what payers have settled matters on any route of an API: then it is counted on all of them. */
export function countsVolumes({ routes }: Pick<ApiSnapshot, 'routes'>): boolean {
  return routes.some(({ discount }) => discount !== undefined);
}
