import { formatUsd, nanoUsd } from '@tollwright/core';
import { type DbInvoice, listProviders, withTenant } from '@tollwright/db';
import type { Billed } from '../billing/cycle.ts';
import { invoiceTold } from '../billing/told.ts';
import { publishLater, sendSoon } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { type InvoiceSettings, toInvoiceSettings } from '../invoice-settings/settings.ts';
import { mailOwners } from '../top-up/mail-owners.ts';
import { tell } from '../webhook/tell.ts';
import { daysAfter, judgeOverdue } from './judge-overdue.ts';

/** What a round did. */
export interface DunningRound {
  /** Invoices that webhooks were told of. */
  readonly told: number;
  /** Reminders that owners were sent. */
  readonly reminded: number;
  /** Customers whose live keys are refused from now on, and those whose are not any more. */
  readonly stopped: number;
  readonly lifted: number;
}

/**
 * Tells webhooks of invoices that are due and not paid, reminds owners on the days that the provider set, and refuses live keys from
 * the day that it set. Each is told once for an invoice: a reminder that was due several times over is sent once. Harmless when
 * repeated or run twice at once. A customer that fails is named and does not stop the others. For the worker's database role.
 */
export async function dunInvoices(ctx: ServiceContext): Promise<DunningRound> {
  const round = { told: 0, reminded: 0, stopped: 0, lifted: 0 };
  for (const providerId of await listProviders(ctx.db)) {
    for (const customerId of await customersOwing(ctx, providerId)) {
      try {
        const done = await dunCustomer(ctx, { providerId, customerId });
        round.told += done.told;
        round.reminded += done.reminded;
        if (done.judged !== null) round[done.judged] += 1;
      } catch (error) {
        ctx.onError(`dun ${customerId}`, error);
      }
    }
  }
  return round;
}

async function customersOwing(ctx: ServiceContext, providerId: string): Promise<readonly string[]> {
  const now = new Date(ctx.clock());
  const rows = await withTenant(
    ctx.db,
    { providerId, customerId: '*' },
    (tx) => tx.$queryRaw<{ id: string }[]>`
      SELECT customer_id AS id FROM invoice WHERE provider_id = app_provider_id() AND state = 'open' AND due_at <= ${now}
      UNION SELECT id FROM customer WHERE provider_id = app_provider_id() AND overdue_since IS NOT NULL ORDER BY 1`,
  );
  return rows.map(({ id }) => id);
}

async function dunCustomer(ctx: ServiceContext, billed: Billed) {
  const { providerId, customerId } = billed;
  const now = new Date(ctx.clock());
  const sent: string[] = [];
  const done = await withTenant(ctx.db, { providerId, customerId: '*' }, async (tx) => {
    // Whoever settles an invoice of this customer comes before or after.
    await tx.$queryRaw`SELECT 1 FROM customer WHERE id = ${customerId} FOR UPDATE`;
    const settings = toInvoiceSettings(await tx.invoiceSettings.findUnique({ where: { providerId } }));
    const where = { ...billed, state: 'open', dueAt: { lte: now } };
    let told = 0;
    let reminded = 0;
    for (const invoice of await tx.invoice.findMany({ where, orderBy: { sequence: 'asc' } })) {
      const passed = settings.remindDays.filter((days) => daysAfter(invoice.dueAt, days) <= now).length;
      const isNew = invoice.overdueToldAt === null;
      const isReminded = invoice.livemode && passed > invoice.reminders;
      if (!isNew && !isReminded) continue;
      const data = { ...(isNew ? { overdueToldAt: now } : {}), reminders: Math.max(passed, invoice.reminders) };
      await tx.invoice.updateMany({ where: { id: invoice.id }, data });
      if (isNew) {
        sent.push(
          ...(await tell(tx, ctx, providerId, [{ ...invoiceTold('invoice.overdue', invoice), occurredAt: now }])),
        );
        told += 1;
      }
      if (isReminded) {
        sent.push(...(await mailOwners(tx, ctx, billed, reminderOf(invoice, settings), 'invoices')));
        reminded += 1;
      }
    }
    const judged = await judgeOverdue(tx, billed, now);
    if (judged !== null) sent.push(await publishLater(tx, ctx, providerId, customerId));
    if (judged === 'stopped') sent.push(...(await mailOwners(tx, ctx, billed, STOPPED, 'invoices')));
    return { told, reminded, judged };
  });
  await sendSoon(ctx, sent);
  return done;
}

const STOPPED = {
  subject: 'calls are refused until your overdue invoice is paid',
  text: 'An invoice has been overdue for longer than we wait. Calls of your live keys are refused, and go on as soon as it is paid. Keys for tests go on meanwhile.',
};

function reminderOf(invoice: DbInvoice, { stopDays }: InvoiceSettings) {
  const { number, dueAt, totalNanoUsd, paidNanoUsd, creditedNanoUsd } = invoice;
  const due = `${formatUsd(nanoUsd(totalNanoUsd - paidNanoUsd - creditedNanoUsd))} USD`;
  const day = (at: Date) => at.toISOString().slice(0, 10);
  const threat =
    stopDays === null
      ? ''
      : ` Calls of your live keys are refused from ${day(daysAfter(dueAt, stopDays))} on unless it is.`;
  return {
    subject: `invoice ${number} is overdue`,
    text: `Invoice ${number} was due on ${day(dueAt)}, and ${due} of it are not paid.${threat}`,
  };
}
