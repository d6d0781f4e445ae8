import { signedNanoUsdText } from '@tollwright/contracts';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { neverBelowNothing } from '../billing/adjustments.ts';
import { openFees, usageThrough } from '../billing/advance.ts';
import { billingAnchor, billingCycleAt } from '../billing/cycle.ts';
import { completed, feeLines } from '../billing/issue.ts';
import { namedLines } from '../billing/line-names.ts';
import { invoiceTermsOf } from '../billing/terms.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId, toTimestamp } from '../fields.ts';
import { parse } from '../parse.ts';
import { wholeProvider } from '../whole-provider.ts';
import { invoiceLineOutput, toInvoiceLine } from './invoice.ts';

export const upcomingInvoiceInput = z.object({
  providerId,
  customerId,
  livemode: z.boolean().optional().meta({ description: 'Default: true' }),
});
export const upcomingInvoiceOutput = z.object({
  /** Null: the customer never had a subscription. */
  cycle: z.object({ startsAt: z.string(), endsAt: z.string() }).nullable(),
  lines: z.array(invoiceLineOutput),
  totalNanoUsd: signedNanoUsdText.meta({ description: 'So far, before it is rounded to whole cents' }),
});
export type UpcomingInvoice = z.output<typeof upcomingInvoiceOutput>;

/** What would be on the next invoice if the billing cycle ended now, by the function that writes invoices. */
export async function upcomingInvoice(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof upcomingInvoiceInput>,
): Promise<UpcomingInvoice> {
  const { livemode = true, ...billed } = parse(upcomingInvoiceInput, input);
  const access = wholeProvider(await authorize(ctx, actor, billed, 'read'));
  return read(ctx, access, async (tx) => {
    if ((await billingAnchor(tx, billed)) === null) return { cycle: null, lines: [], totalNanoUsd: '0' };
    const cycle = await billingCycleAt(tx, billed, ctx.clock());
    const drafts = [
      ...feeLines(await openFees(tx, billed, livemode)),
      ...(await usageThrough(tx, billed, livemode, cycle)),
    ];
    const startsAt = new Date(cycle.startsAtMs);
    const endsAt = new Date(cycle.endsAtMs);
    const { tax } = await invoiceTermsOf(tx, billed);
    const drawn = completed(neverBelowNothing(drafts), { startsAt, endsAt }, tax);
    const lines = await namedLines(
      tx,
      drawn.filter(({ kind }) => kind !== 'rounding'),
    );
    return {
      cycle: { startsAt: toTimestamp(startsAt), endsAt: toTimestamp(endsAt) },
      lines: lines.map((line) => toInvoiceLine({ ...line, quantity: line.quantity?.toString() ?? null })),
      totalNanoUsd: lines.reduce((total, line) => total + line.amountNanoUsd, 0n).toString(),
    };
  });
}
