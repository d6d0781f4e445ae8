import { paymentRecord } from '@tollwright/contracts';
import { z } from 'zod';
import { type Actor, actorName } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { drawnOf } from '../credit/drawn.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { conflict, invalid, notFound } from '../refusals.ts';
import { planRefund } from './plan-refund.ts';
import { leftOf, type RefundOutput, refundOutput, toRefund } from './refund.ts';

export const refundPaymentInput = z.object({
  providerId,
  paymentId: z.string().min(1).max(64),
  amountAtomic: z
    .string()
    .regex(/^[1-9]\d{0,77}$/, 'must be a positive integer')
    .optional()
    .meta({ description: "In the smallest unit of the payment's asset; all that is left when it is left out" }),
  reason: z.string().trim().min(1).max(200),
});
export const refundPaymentOutput = refundOutput;

/** Gives a settled payment back, or a part of it. The worker sends it; the payment says `refunded` when all of it is back. */
export async function refundPayment(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof refundPaymentInput>,
): Promise<RefundOutput> {
  const wanted = parse(refundPaymentInput, input);
  const { providerId, paymentId, reason } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    // Two who ask at once are decided one after the other.
    await step.tx.$queryRaw`SELECT 1 FROM payment WHERE id = ${paymentId} FOR UPDATE`;
    const payment = await step.tx.payment.findFirst({ where: { providerId, id: paymentId } });
    if (!payment) throw notFound();
    // One that is `refunding` with nothing on its way has a refund behind it that failed.
    if (payment.state !== 'settled' && payment.state !== 'refunding')
      throw conflict(`A payment that is ${payment.state} cannot be given back.`);
    const left = leftOf(payment, await step.tx.refund.findMany({ where: { paymentId } }));
    const amountAtomic = wanted.amountAtomic === undefined ? left : BigInt(wanted.amountAtomic);
    if (left === 0n) throw conflict('All of this payment has been given back, or is on its way.');
    if (amountAtomic > left) throw invalid('amountAtomic', `is more than the ${left} that are left of the payment`);
    const { topUp } = paymentRecord.parse(payment.body);
    const drawnNanoUsd = topUp === undefined ? 0n : await drawnOf(ctx, { ...topUp, livemode: payment.livemode });
    const plan = { amountAtomic, reason, requestedBy: actorName(actor), drawnNanoUsd };
    const row = await planRefund(step.tx, ctx, payment, plan);
    if (topUp !== undefined) await step.publishCustomer(topUp.customerId);
    await step.audit({ action: 'payment.refund', targetId: paymentId, after: toRefund(row, 'provider') });
    return toRefund(row, 'provider');
  });
}
