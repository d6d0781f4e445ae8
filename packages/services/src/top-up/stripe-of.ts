import { openSecret } from '@tollwright/contracts/sealed-secret';
import type { DbStripeAccount, Tx } from '@tollwright/db';
import type { StripeClient } from '@tollwright/stripe';
import type { ServiceContext } from '../context.ts';
import { stripeKeyContext } from '../stripe-account/stripe-account.ts';

type Means = Pick<ServiceContext, 'masterKeys' | 'stripe'>;

/** The account that takes card payments of a mode now; null when there is none. */
export function accountNow(tx: Tx, providerId: string, livemode: boolean): Promise<DbStripeAccount | null> {
  return tx.stripeAccount.findFirst({ where: { providerId, livemode, archivedAt: null } });
}

/** The account that knows a card, also one that takes no more; null when there is none. */
export function accountOfCard(
  tx: Tx,
  { providerId, livemode, networkId }: Pick<DbStripeAccount, 'providerId' | 'livemode' | 'networkId'>,
): Promise<DbStripeAccount | null> {
  return tx.stripeAccount.findFirst({ where: { providerId, livemode, networkId }, orderBy: { id: 'desc' } });
}

export function clientOf({ masterKeys, stripe }: Means, account: DbStripeAccount): StripeClient {
  return stripe.of(openSecret(masterKeys, stripeKeyContext(account.providerId), account.sealedKey));
}
