import type { PaymentRecord } from '@tollwright/contracts';
import { withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { projectPayments } from '../payment/project.ts';
import type { DueRefund } from './due.ts';

type Context = Pick<ServiceContext, 'db' | 'state'>;

/**
 * Makes a payment `refunding` before all of it is sent back: from then on its stored answer is given to nobody. Answers the
 * refund with the payment as it stands then. Throws when somebody else is moving the payment.
 */
export async function beginRefund(ctx: Context, due: DueRefund): Promise<DueRefund> {
  const { payment, amountAtomic } = due;
  if (payment.state !== 'settled' || amountAtomic !== BigInt(payment.amountAtomic)) return due;
  return { ...due, payment: await moveToRefunding(ctx, payment, payment.reason) };
}

/**
 * Moves a settled payment on, in the store and then in Postgres; a `refunding` payment is planned a refund for. Answers it as
 * it stands then. Throws when somebody else is moving it.
 */
export async function moveToRefunding(
  ctx: Context,
  payment: PaymentRecord,
  reason: string | null,
): Promise<PaymentRecord> {
  const next: PaymentRecord = { ...payment, state: 'refunding', version: payment.version + 1, reason };
  const reply = await ctx.state.claims.move(payment.claimKey, payment, next);
  if (reply.kind === 'conflict' && reply.claim?.state !== 'refunding') {
    throw new Error(`the claim of ${payment.paymentId} is ${reply.claim?.state ?? 'not there'}`);
  }
  await withTenant(ctx.db, { providerId: payment.providerId, customerId: '*' }, (tx) => projectPayments(tx, [next]));
  return next;
}
