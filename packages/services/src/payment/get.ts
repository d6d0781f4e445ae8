import { nanoUsdText } from '@tollwright/contracts';
import type { DbPayment, DbRefund, Tx } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { shareOf } from '../refund/plan-refund.ts';
import { leftOf, refundOutput, toRefund } from '../refund/refund.ts';
import { notFound } from '../refusals.ts';
import { eventOutput, toEvent } from '../usage/event.ts';
import { refundKeyWhere } from '../wallet/open-refund-key.ts';
import { paymentOutput, toPayment } from './payment.ts';

export const getPaymentInput = z.object({
  providerId,
  customerId: customerId.optional(),
  paymentId: z.string().min(1).max(64),
});
export const getPaymentOutput = paymentOutput.extend({
  routeName: z.string(),
  /** Of the agent whose key was shown beside it. */
  agentName: z.string().nullable(),
  /** The call that it paid for; null until it was reported. */
  event: eventOutput.nullable(),
  /** What went back of it, or is on its way; oldest first. */
  refunds: z.array(refundOutput),
  /** What can be given back by hand; null of a payment that has not settled or of which nothing is left, and for customers. */
  refundable: z
    .object({
      amountAtomic: z.string(),
      amountNanoUsd: nanoUsdText,
      /** Whether there is a key that sends it. */
      hasKey: z.boolean(),
    })
    .nullable(),
});

/** One payment with the call that it paid for. */
export async function getPayment(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getPaymentInput>,
): Promise<z.output<typeof getPaymentOutput>> {
  const wanted = parse(getPaymentInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  return read(ctx, access, async (tx) => {
    const { providerId: provider, customerId: customer, paymentId } = wanted;
    const where = { providerId: provider, id: paymentId, ...(customer === undefined ? {} : { customerId: customer }) };
    const row = await tx.payment.findFirst({ where });
    if (row === null) throw notFound();
    const route = await tx.route.findFirst({ where: { id: row.routeId } });
    const event = await tx.usageEvent.findFirst({ where: { requestId: row.requestId, paymentId } });
    const refunds = await tx.refund.findMany({ where: { paymentId }, orderBy: { id: 'asc' } });
    return {
      ...toPayment(row, access.level),
      routeName: route === null ? row.routeId : `${route.method} ${route.pathTemplate}`,
      event: event === null ? null : toEvent(event),
      refunds: refunds.map((refund) => toRefund(refund, access.level)),
      agentName:
        row.agentId === null ? null : ((await tx.agent.findFirst({ where: { id: row.agentId } }))?.name ?? null),
      refundable: access.level === 'provider' ? await refundableOf(tx, row, refunds) : null,
    };
  });
}

async function refundableOf(tx: Tx, payment: DbPayment, refunds: readonly DbRefund[]) {
  const left = leftOf(payment, refunds);
  if ((payment.state !== 'settled' && payment.state !== 'refunding') || left === 0n) return null;
  const amountNanoUsd = shareOf(payment, left).toString();
  return { amountAtomic: left.toString(), amountNanoUsd, hasKey: await hasRefundKey(tx, payment) };
}

async function hasRefundKey(tx: Tx, { providerId, livemode, rail, network, asset, payTo }: DbPayment) {
  if (rail === 'stripe') {
    return (await tx.stripeAccount.count({ where: { providerId, livemode, networkId: payTo } })) > 0;
  }
  return (await tx.wallet.count({ where: refundKeyWhere({ providerId, livemode, network, asset }) })) > 0;
}
