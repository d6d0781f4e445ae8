import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { eventOutput, toEvent } from '../usage/event.ts';
import { paymentOutput, toPayment } from './payment.ts';

export const getPaymentInput = z.object({ providerId, paymentId: z.string().min(1).max(64) });
export const getPaymentOutput = paymentOutput.extend({
  routeName: z.string(),
  /** The call that it paid for; null until it was reported. */
  event: eventOutput.nullable(),
});

/** One payment with the call that it paid for. */
export async function getPayment(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getPaymentInput>,
): Promise<z.output<typeof getPaymentOutput>> {
  const wanted = parse(getPaymentInput, input);
  const access = await authorize(ctx, actor, { providerId: wanted.providerId }, 'read');
  return read(ctx, access, async (tx) => {
    const { providerId: provider, paymentId } = wanted;
    const row = await tx.payment.findFirst({ where: { providerId: provider, id: paymentId } });
    if (row === null) throw notFound();
    const route = await tx.route.findFirst({ where: { id: row.routeId } });
    const event = await tx.usageEvent.findFirst({ where: { requestId: row.requestId, paymentId } });
    return {
      ...toPayment(row),
      routeName: route === null ? row.routeId : `${route.method} ${route.pathTemplate}`,
      event: event === null ? null : toEvent(event),
    };
  });
}
