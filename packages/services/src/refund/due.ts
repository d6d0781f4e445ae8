import { type PaymentRecord, paymentRecord } from '@tollwright/contracts';
import { listProvidersWith, type Tx, withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { planRefund } from './plan-refund.ts';

type Context = Pick<ServiceContext, 'db' | 'clock' | 'random'>;

/** A refund that has not ended, with its payment. `signed` is what was kept of its transaction. */
export interface DueRefund {
  readonly refundId: string;
  readonly payment: PaymentRecord;
  readonly amountAtomic: bigint;
  readonly signed: KeptTransaction | null;
}

export interface KeptTransaction {
  readonly sender: string;
  readonly nonce: bigint;
  readonly raw: string;
  readonly transaction: string;
}

const REASON = 'paid and not served';

/**
 * Every refund that has not ended, oldest first. A payment that is `refunding` gets one of its whole amount, unless it has some.
 */
export async function dueRefunds(ctx: Context): Promise<readonly DueRefund[]> {
  const due: DueRefund[] = [];
  for (const providerId of await listProvidersWith(ctx.db, 'refunds')) {
    due.push(
      ...(await withTenant(ctx.db, { providerId, customerId: '*' }, async (tx) => {
        await planMissing(tx, ctx, providerId);
        return dueOf(tx, providerId);
      })),
    );
  }
  return due;
}

async function planMissing(tx: Tx, ctx: Context, providerId: string): Promise<void> {
  const payments = await tx.payment.findMany({ where: { providerId, state: 'refunding', refunds: { none: {} } } });
  for (const payment of payments) {
    const plan = { amountAtomic: BigInt(payment.amountAtomic), reason: payment.reason ?? REASON };
    await planRefund(tx, ctx, payment, { ...plan, requestedBy: 'tollwright', drawnNanoUsd: 0n });
  }
}

async function dueOf(tx: Tx, providerId: string): Promise<DueRefund[]> {
  const rows = await tx.refund.findMany({
    where: { providerId, state: { in: ['planned', 'signed'] } },
    orderBy: { id: 'asc' },
    include: { payment: true },
  });
  return rows.map(({ id, amountAtomic, payment, sender, nonce, rawTransaction, transactionHash }) => ({
    refundId: id,
    payment: paymentRecord.parse(payment.body),
    amountAtomic: BigInt(amountAtomic.toFixed(0)),
    signed:
      sender === null || nonce === null || rawTransaction === null || transactionHash === null
        ? null
        : { sender, nonce, raw: rawTransaction, transaction: transactionHash },
  }));
}

/** The first nonce that no kept transaction of this sender has. */
export async function nextRefundNonce(
  { db }: Pick<Context, 'db'>,
  { providerId, network }: Pick<PaymentRecord, 'providerId' | 'network'>,
  sender: string,
): Promise<bigint> {
  return withTenant(db, { providerId, customerId: '*' }, async (tx) => {
    const { _max } = await tx.refund.aggregate({ where: { network, sender }, _max: { nonce: true } });
    return _max.nonce === null ? 0n : _max.nonce + 1n;
  });
}

/** Keeps a signed transaction, before it is sent. False: somebody else has kept one meanwhile, and this one must not be sent. */
export async function keepRefundTransaction(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  { refundId, payment }: DueRefund,
  { sender, nonce, raw, transaction }: KeptTransaction,
): Promise<boolean> {
  return withTenant(db, { providerId: payment.providerId, customerId: '*' }, async (tx) => {
    const { count } = await tx.refund.updateMany({
      where: { id: refundId, state: 'planned' },
      data: {
        ...{ state: 'signed', sender, nonce, rawTransaction: raw, transactionHash: transaction },
        updatedAt: new Date(clock()),
      },
    });
    return count === 1;
  });
}
