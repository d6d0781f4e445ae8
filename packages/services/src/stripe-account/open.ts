import type { PaymentRecord } from '@tollwright/contracts';
import { openSecret } from '@tollwright/contracts/sealed-secret';
import { withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { stripeKeyContext } from './stripe-account.ts';

/** The secret key of the account that a payment went to, also of one that takes no more; null when there is none. */
export async function openStripeKey(
  { db, masterKeys }: Pick<ServiceContext, 'db' | 'masterKeys'>,
  { providerId, livemode, payTo: networkId }: Pick<PaymentRecord, 'providerId' | 'livemode' | 'payTo'>,
): Promise<string | null> {
  const row = await withTenant(db, { providerId, customerId: '*' }, (tx) =>
    tx.stripeAccount.findFirst({ where: { providerId, livemode, networkId }, orderBy: { id: 'desc' } }),
  );
  return row === null ? null : openSecret(masterKeys, stripeKeyContext(providerId), row.sealedKey);
}
