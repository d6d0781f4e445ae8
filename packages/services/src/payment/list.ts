import { paymentRail, paymentState } from '@tollwright/contracts';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import { channelKey } from '../channel/seen.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId, timestamp } from '../fields.ts';
import { afterMoment, pageByMoment } from '../moment-cursor.ts';
import { pageInput, pageOf } from '../page.ts';
import { parse } from '../parse.ts';
import { paymentOutput, toPayment } from './payment.ts';

export const listPaymentsInput = z.object({
  providerId,
  customerId: customerId.optional(),
  ...pageInput,
  state: paymentState.optional(),
  rail: paymentRail.optional(),
  agentId: idText.optional().meta({ description: 'Whose key was shown beside the payment' }),
  keyId: idText.optional(),
  routeId: idText.optional(),
  payer: z.string().max(64).optional(),
  channel: channelKey.optional().meta({ description: 'Id of the payment channel whose vouchers paid' }),
  transaction: z.string().max(80).optional().meta({ description: 'Hash of the transaction that settled it' }),
  from: timestamp.optional(),
  to: timestamp.optional(),
  livemode: z.boolean().optional().meta({ description: 'Default: true' }),
});
export const listPaymentsOutput = pageOf(paymentOutput.extend({ routeName: z.string() }));

/** Payments for calls, newest first: all of a provider, or those that were made beside a customer's keys. */
export async function listPayments(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listPaymentsInput>,
): Promise<z.output<typeof listPaymentsOutput>> {
  const wanted = parse(listPaymentsInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const size = wanted.limit ?? 50;
  return read(ctx, access, async (tx) => {
    const rows = await tx.payment.findMany({
      where: conditionOf(wanted),
      orderBy: [{ occurredAt: 'desc' }, { id: 'desc' }],
      take: size + 1,
    });
    const { shown, nextCursor } = pageByMoment(rows, size);
    const routes = await tx.route.findMany({ where: { id: { in: [...new Set(shown.map((row) => row.routeId))] } } });
    const names = new Map(routes.map((route) => [route.id, `${route.method} ${route.pathTemplate}`]));
    return {
      items: shown.map((row) => ({
        ...toPayment(row, access.level),
        routeName: names.get(row.routeId) ?? row.routeId,
      })),
      nextCursor,
    };
  });
}

function conditionOf(wanted: z.output<typeof listPaymentsInput>) {
  const { customerId, state, rail, agentId, keyId, routeId, payer, transaction, channel } = wanted;
  const given = Object.entries({ customerId, state, rail, agentId, keyId, routeId, transactionHash: transaction });
  return {
    providerId: wanted.providerId,
    livemode: wanted.livemode ?? true,
    ...(channel === undefined ? {} : { claimKey: { startsWith: `${channel}#` } }),
    ...(payer === undefined ? {} : { payer: { equals: payer, mode: 'insensitive' as const } }),
    occurredAt: {
      ...(wanted.from === undefined ? {} : { gte: new Date(wanted.from) }),
      ...(wanted.to === undefined ? {} : { lt: new Date(wanted.to) }),
    },
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    ...afterMoment(wanted.cursor),
  };
}
