import { paymentState } from '@tollwright/contracts';
import { deriveSecret, STATEMENT_PURPOSE } from '@tollwright/contracts/sealed-secret';
import { formatUsd, nanoUsd } from '@tollwright/core';
import type { DbPayment, Tx } from '@tollwright/db';
import { statementSigner } from '@tollwright/protocols';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { conflict, notFound } from '../refusals.ts';
import { taxOf } from './payment.ts';
import { isPaid } from './payment-transfer.ts';

export const getReceiptInput = z.object({
  providerId,
  customerId: customerId.optional(),
  paymentId: z.string().min(1).max(64),
});

/** What is signed. Amounts are of the whole payment; `refundedAtomic` is what had gone back of it when the receipt was made. */
const statement = z.object({
  version: z.literal(1),
  kind: z.literal('payment-receipt'),
  paymentId: z.string(),
  requestId: z.string(),
  provider: z.string(),
  method: z.string(),
  resource: z.string().meta({ description: 'Public address of the route, with its parameters in braces' }),
  rail: z.string(),
  network: z.string(),
  asset: z.string(),
  amountAtomic: z.string(),
  priceUsd: z.string(),
  taxAtomic: z.string().meta({ description: 'Of the amount; empty where no tax was calculated' }),
  refundedAtomic: z.string(),
  payer: z.string().meta({ description: 'Empty where only the processor knows' }),
  payTo: z.string(),
  transaction: z.string(),
  agentId: z.string().meta({ description: 'Whose key was shown beside the payment; empty for strangers' }),
  keyId: z.string(),
  occurredAt: z.string(),
  settledAt: z.string().meta({ description: 'Empty where it was not noted' }),
  issuedAt: z.string(),
});

export const getReceiptOutput = z.object({
  format: z.literal('jws'),
  receipt: statement,
  signature: z.string().meta({ description: 'The receipt in canonical JSON as a compact JWS, signed by `key`' }),
  key: z.record(z.string(), z.string()).meta({ description: 'JWK of the key, which signs x402 receipts too' }),
});

/** The receipt of a payment that settled, signed by the key that gateways sign offers and receipts with. */
export async function getReceipt(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getReceiptInput>,
): Promise<z.output<typeof getReceiptOutput>> {
  const wanted = parse(getReceiptInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const { providerId, customerId, paymentId } = wanted;
  const where = { providerId, id: paymentId, ...(customerId === undefined ? {} : { customerId }) };
  const receipt = await read(ctx, access, async (tx) => {
    const payment = await tx.payment.findFirst({ where });
    if (payment === null) throw notFound();
    const { state, transactionHash: transaction } = payment;
    if (!isPaid(paymentState.parse(state)) || transaction === null)
      throw conflict(`A payment that is ${state} has no receipt.`);
    return statementOf(ctx, tx, payment, transaction);
  });
  const [master] = ctx.masterKeys;
  if (master === undefined) throw new RangeError('no master key');
  const signer = statementSigner(deriveSecret(master, STATEMENT_PURPOSE));
  return { format: 'jws', receipt, signature: signer.sign(receipt), key: signer.publicKey };
}

async function statementOf(ctx: ServiceContext, tx: Tx, payment: DbPayment, transaction: string) {
  const { providerId, apiId, routeId, id } = payment;
  const provider = await tx.provider.findFirstOrThrow({ where: { id: providerId } });
  // What a rule tops up was bought at no API.
  const api = await tx.api.findFirst({ where: { id: apiId } });
  const route = await tx.route.findFirst({ where: { id: routeId } });
  const back = await tx.refund.aggregate({ where: { paymentId: id, state: 'refunded' }, _sum: { amountAtomic: true } });
  const tax = taxOf(payment);
  return {
    ...({ version: 1, kind: 'payment-receipt' } as const),
    ...{ paymentId: id, requestId: payment.requestId, provider: provider.name },
    method: route?.method ?? '',
    resource:
      api === null ? '' : `${ctx.publicUrls.gatewayUrl}/${provider.slug}/${api.slug}${route?.pathTemplate ?? ''}`,
    ...{ rail: payment.rail, network: payment.network, asset: payment.asset, amountAtomic: payment.amountAtomic },
    priceUsd: formatUsd(nanoUsd(payment.priceNanoUsd)),
    taxAtomic: tax?.kind === 'calculated' ? tax.amountAtomic : '',
    refundedAtomic: back._sum.amountAtomic?.toFixed(0) ?? '0',
    ...{ payer: payment.payer, payTo: payment.payTo, transaction },
    ...{ agentId: payment.agentId ?? '', keyId: payment.keyId ?? '' },
    occurredAt: payment.occurredAt.toISOString(),
    settledAt: payment.settledAt?.toISOString() ?? '',
    issuedAt: new Date(ctx.clock()).toISOString(),
  };
}
