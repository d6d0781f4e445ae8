import { nanoUsdText } from '@tollwright/contracts';
import { type Credited, creditedTaxOf, NANO_USD_PER_CENT, nanoUsd } from '@tollwright/core';
import type { DbInvoice, LedgerAccountKind, Tx } from '@tollwright/db';
import { z } from 'zod';
import { type Actor, actorName } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { nextNumber } from '../billing/next-number.ts';
import { invoiceTold } from '../billing/told.ts';
import { type Change, change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { judgeOverdue } from '../dunning/judge-overdue.ts';
import { idText, providerId } from '../fields.ts';
import { postTransfer } from '../ledger/post.ts';
import { parse } from '../parse.ts';
import { conflict, invalid, notFound } from '../refusals.ts';
import { type InvoiceOutput, invoiceInclusion, invoiceOutput, toInvoice } from './invoice.ts';

const words = z.string().trim().min(1).max(200);
export const payInvoiceInput = z.object({
  providerId,
  invoiceId: idText,
  paidBy: words.meta({ description: 'How, for both sides to read: Bank transfer of 2 December' }),
});
export const payInvoiceOutput = invoiceOutput;

/** Notes that an open invoice was paid outside of Tollwright, whole. The provider's alone. */
export async function payInvoice(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof payInvoiceInput>,
): Promise<InvoiceOutput> {
  const { paidBy, ...wanted } = parse(payInvoiceInput, input);
  return settle(ctx, actor, wanted, async (step, invoice, due) => {
    await post(step, ctx, invoice, { what: 'payment', amounts: { clearing_manual: due } });
    const paidNanoUsd = invoice.paidNanoUsd + due;
    const data = { state: 'paid', paidNanoUsd, paidBy, paidAt: step.now };
    return { type: 'invoice.paid', action: 'invoice.pay', row: await update(step, invoice, data) };
  });
}

export const voidInvoiceInput = z.object({ providerId, invoiceId: idText, reason: words });
export const voidInvoiceOutput = invoiceOutput;

/** Gives an open invoice up: its number stays, nothing of it is owed, and what it lists is on no later one. The provider's alone. */
export async function voidInvoice(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof voidInvoiceInput>,
): Promise<InvoiceOutput> {
  const { reason, ...wanted } = parse(voidInvoiceInput, input);
  return settle(ctx, actor, wanted, async (step, invoice, due) => {
    const { tax, creditedTax } = await taxOfInvoice(step.tx, invoice);
    const owedTax = tax - creditedTax;
    await post(step, ctx, invoice, { what: 'void', amounts: { revenue: due - owedTax, tax: owedTax } });
    const data = { state: 'void', voidReason: reason, voidedAt: step.now };
    return { type: 'invoice.voided', action: 'invoice.void', row: await update(step, invoice, data) };
  });
}

export const creditInvoiceInput = z.object({
  providerId,
  invoiceId: idText,
  amountNanoUsd: nanoUsdText.meta({ description: 'Whole cents; at most what is still due, or what was paid' }),
  reason: words,
  paidBack: words
    .optional()
    .meta({ description: 'Of a paid invoice: how the money went back, for both sides to read' }),
});
export const creditInvoiceOutput = invoiceOutput;

/**
 * Takes back a part of an invoice, or the rest, with its part of the tax, with a credit note: of an open one it is owed no more, of
 * a paid one it was paid back outside of Tollwright. The provider's alone.
 */
export async function creditInvoice(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof creditInvoiceInput>,
): Promise<InvoiceOutput> {
  const { amountNanoUsd: text, reason, paidBack, ...wanted } = parse(creditInvoiceInput, input);
  const amountNanoUsd = BigInt(text);
  if (amountNanoUsd === 0n || amountNanoUsd % NANO_USD_PER_CENT !== 0n) {
    throw invalid('amountNanoUsd', 'must be whole cents, above zero');
  }
  const credit: Settle = async (step, invoice, due) => {
    const isPaid = invoice.state === 'paid';
    if (isPaid !== (paidBack !== undefined)) {
      throw invalid('paidBack', isPaid ? 'must say how the money went back' : 'is for an invoice that is paid');
    }
    const most = isPaid ? invoice.paidNanoUsd : due;
    if (amountNanoUsd > most) {
      throw invalid('amountNanoUsd', `is more than the ${most} that ${isPaid ? 'was paid' : 'is still due'}`);
    }
    const { id: invoiceId, providerId, customerId, livemode, totalNanoUsd: total, creditedNanoUsd: credited } = invoice;
    const taxed = await taxOfInvoice(step.tx, invoice);
    const taxNanoUsd = creditedTaxOf(amountNanoUsd, { total, credited, ...taxed });
    const note = await step.tx.creditNote.create({
      data: {
        ...{
          id: step.id('creditNote'),
          providerId,
          customerId,
          livemode,
          invoiceId,
          amountNanoUsd,
          taxNanoUsd,
          reason,
          paidBack: paidBack ?? null,
        },
        ...(await nextNumber(step.tx, invoice, 'credit-note')),
        ...{ createdBy: actorName(actor), createdAt: step.now },
      },
    });
    const amounts = { revenue: amountNanoUsd - taxNanoUsd, tax: taxNanoUsd };
    await post(step, ctx, invoice, {
      what: `credit:${note.id}`,
      amounts,
      ...(isPaid ? { from: 'clearing_manual' } : {}),
    });
    const creditedNanoUsd = credited + amountNanoUsd;
    const paid = { paidNanoUsd: invoice.paidNanoUsd - amountNanoUsd };
    const settled = amountNanoUsd === due ? { state: 'paid', paidAt: step.now } : {};
    const data = { creditedNanoUsd, ...(isPaid ? paid : settled) };
    return { type: 'invoice.credited', action: 'invoice.credit', row: await update(step, invoice, data) };
  };
  return settle(ctx, actor, wanted, credit, ['open', 'paid']);
}

interface Settled {
  readonly type: 'invoice.paid' | 'invoice.voided' | 'invoice.credited';
  readonly action: string;
  readonly row: DbInvoice;
}

/** `due` is what is still to be paid. */
type Settle = (step: Change, invoice: DbInvoice, due: bigint) => Promise<Settled>;

/** Changes an invoice in one of these states, one after the other. */
async function settle(
  ctx: ServiceContext,
  actor: Actor,
  { providerId, invoiceId: id }: { readonly providerId: string; readonly invoiceId: string },
  fn: Settle,
  states: readonly string[] = ['open'],
): Promise<InvoiceOutput> {
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const found = await step.tx.invoice.findFirst({ where: { providerId, id }, select: { customerId: true } });
    if (found === null) throw notFound();
    const { customerId } = found;
    // Before the invoice, as everywhere.
    await step.tx.$queryRaw`SELECT 1 FROM customer WHERE id = ${customerId} AND provider_id = ${providerId} FOR UPDATE`;
    const invoice = await step.tx.invoice.findUniqueOrThrow({ where: { id } });
    if (!states.includes(invoice.state)) {
      throw conflict(`This invoice is ${invoice.state}: this changes only one that is ${states.join(' or ')}.`);
    }
    const due = invoice.totalNanoUsd - invoice.paidNanoUsd - invoice.creditedNanoUsd;
    const { type, action, row } = await fn(step, invoice, due);
    const { state, paidNanoUsd, creditedNanoUsd } = row;
    const after = { state, paidNanoUsd: `${paidNanoUsd}`, creditedNanoUsd: `${creditedNanoUsd}` };
    await step.audit({ action, targetId: id, before: { state: invoice.state }, after });
    await step.tell({ ...invoiceTold(type, row), occurredAt: step.now });
    if ((await judgeOverdue(step.tx, { providerId, customerId }, step.now)) !== null) {
      await step.publishCustomer(customerId);
    }
    return toInvoice(await step.tx.invoice.findUniqueOrThrow({ where: { id }, include: invoiceInclusion }));
  });
}

/** What comes to an invoice after it was issued. */
type Settlement = Partial<Omit<DbInvoice, 'seller' | 'buyer'>>;

function update({ tx }: Change, { id }: DbInvoice, data: Settlement): Promise<DbInvoice> {
  return tx.invoice.update({ where: { id }, data });
}

/** What of an invoice is tax, and what of that its credit notes have taken back. */
async function taxOfInvoice(tx: Tx, { id: invoiceId }: DbInvoice): Promise<Pick<Credited, 'tax' | 'creditedTax'>> {
  const lines = await tx.invoiceLine.aggregate({ where: { invoiceId, kind: 'tax' }, _sum: { amountNanoUsd: true } });
  const notes = await tx.creditNote.aggregate({ where: { invoiceId }, _sum: { taxNanoUsd: true } });
  return { tax: lines._sum.amountNanoUsd ?? 0n, creditedTax: notes._sum.taxNanoUsd ?? 0n };
}

interface Posted {
  readonly what: string;
  /** Where what is no longer owed goes, in the provider's accounts. */
  readonly amounts: Readonly<Partial<Record<LedgerAccountKind, bigint>>>;
  /** The provider's account that it comes from; left out where the customer owed it. */
  readonly from?: LedgerAccountKind;
}

async function post({ tx, now }: Change, ctx: ServiceContext, invoice: DbInvoice, posted: Posted): Promise<void> {
  const { id, providerId, customerId, livemode } = invoice;
  const { what, amounts, from } = posted;
  const sides = Object.entries(amounts) as [LedgerAccountKind, bigint][];
  const sum = sides.reduce((total, [, amount]) => total + amount, 0n);
  await postTransfer(tx, ctx, {
    ...{ providerId, customerId, reference: `invoice:${id}:${what}`, kind: `invoice-${what.split(':')[0]}`, livemode },
    occurredAt: now,
    lines: [
      ...sides.map(([kind, amount]) => ({ kind, customerId: null, amountNanoUsd: nanoUsd(amount) })),
      from === undefined
        ? { kind: 'receivable' as const, customerId, amountNanoUsd: nanoUsd(-sum) }
        : { kind: from, customerId: null, amountNanoUsd: nanoUsd(-sum) },
    ],
  });
}
