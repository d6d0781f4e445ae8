import type { Tx } from '@tollwright/db';
import type { Billed } from '../billing/cycle.ts';
import { toInvoiceSettings } from '../invoice-settings/settings.ts';

const DAY_MS = 86_400_000;

/** A moment so many days after a day. */
export function daysAfter(at: Date, days: number): Date {
  return new Date(at.getTime() + days * DAY_MS);
}

/**
 * Notes at a customer, whose row is locked, whether its live keys are refused for an invoice that is not paid. Answers what has
 * changed; then the customer has to be published. The transaction's tenant must be the whole provider.
 */
export async function judgeOverdue(tx: Tx, billed: Billed, now: Date): Promise<'stopped' | 'lifted' | null> {
  const { providerId, customerId: id } = billed;
  const { stopDays } = toInvoiceSettings(await tx.invoiceSettings.findUnique({ where: { providerId } }));
  const { overdueSince } = await tx.customer.findUniqueOrThrow({ where: { id }, select: { overdueSince: true } });
  const since = stopDays === null ? null : await stoppedSince(tx, billed, stopDays, now);
  if ((since === null) === (overdueSince === null)) return null;
  await tx.customer.update({ where: { id }, data: { overdueSince: since } });
  return since === null ? 'lifted' : 'stopped';
}

async function stoppedSince(tx: Tx, billed: Billed, stopDays: number, now: Date): Promise<Date | null> {
  const oldest = await tx.invoice.findFirst({
    where: { ...billed, livemode: true, state: 'open', dueAt: { lte: daysAfter(now, -stopDays) } },
    orderBy: { dueAt: 'asc' },
    select: { dueAt: true },
  });
  return oldest === null ? null : daysAfter(oldest.dueAt, stopDays);
}
