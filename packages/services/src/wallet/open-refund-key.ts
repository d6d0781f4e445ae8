import type { ChannelRecord, PaymentRecord } from '@tollwright/contracts';
import { openSecret, type SecretContext } from '@tollwright/contracts/sealed-secret';
import { withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';

/** What the key that gives a network's tokens back is sealed for. */
export function refundKeyContext(providerId: string, network: string): SecretContext {
  return { tenant: providerId, target: `wallet:${network}` };
}

type Paid = Pick<PaymentRecord, 'providerId' | 'livemode' | 'network' | 'asset'>;

/** The wallets, also those of before, that have a key to give a payment's tokens back. */
export function refundKeyWhere({ providerId, livemode, network, asset }: Paid) {
  return {
    ...{ providerId, livemode, network, refundKeySealed: { not: null } },
    asset: { equals: asset, mode: 'insensitive' },
  } as const;
}

/** The key that gives a payment's tokens back: of the newest wallet of its network and token that has one; null without. */
export async function openRefundKey(
  { db, masterKeys }: Pick<ServiceContext, 'db' | 'masterKeys'>,
  paid: Paid,
): Promise<string | null> {
  const { providerId, network } = paid;
  const row = await withTenant(db, { providerId, customerId: '*' }, (tx) =>
    tx.wallet.findFirst({ where: refundKeyWhere(paid), orderBy: { id: 'desc' } }),
  );
  const sealed = row?.refundKeySealed ?? null;
  return sealed === null ? null : openSecret(masterKeys, refundKeyContext(providerId, network), sealed);
}

/**
 * The key of a channel's operator or payee, who may settle it: of whatever wallet it is the key, also one that was replaced since.
 * Null without.
 */
export async function openOperatorKey(
  { db, masterKeys }: Pick<ServiceContext, 'db' | 'masterKeys'>,
  { providerId, network, payTo, details }: ChannelRecord,
): Promise<string | null> {
  const may = [details.operator ?? '', payTo].map((address) => ({
    refundFrom: { equals: address, mode: 'insensitive' as const },
  }));
  const row = await withTenant(db, { providerId, customerId: '*' }, (tx) =>
    tx.wallet.findFirst({
      where: { providerId, network, refundKeySealed: { not: null }, OR: may },
      orderBy: { id: 'desc' },
    }),
  );
  const sealed = row?.refundKeySealed ?? null;
  return sealed === null ? null : openSecret(masterKeys, refundKeyContext(providerId, network), sealed);
}
