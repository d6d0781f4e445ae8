import { type Cycle, makeId, NANO_USD_PER_CENT, nanoUsd } from '@tollwright/core';
import { type DbCycleFee, type DbInvoice, type Tx, toDbJson } from '@tollwright/db';
import { type PostingMeans, postTransfer } from '../ledger/post.ts';
import type { Billed } from './cycle.ts';
import { namedLines } from './line-names.ts';
import { nextNumber } from './next-number.ts';
import { invoiceTermsOf, type Tax, taxLine } from './terms.ts';
import type { DraftLine } from './usage-lines.ts';

const DAY_MS = 86_400_000;

export interface InvoiceDraft extends Billed {
  readonly livemode: boolean;
  readonly reason: 'cycle' | 'fee';
  readonly period: Cycle;
  readonly lines: readonly DraftLine[];
  /** Fees that are among the lines, in their order. */
  readonly fees: readonly DbCycleFee[];
}

/** Lines of fees that were posted. */
export function feeLines(fees: readonly DbCycleFee[]): DraftLine[] {
  return fees.map(({ planVersionId, amountNanoUsd, startsAt, endsAt }) => ({
    kind: 'fee',
    ...{ planVersionId, rateCardKey: null, meter: null, model: null, quantity: null, amountNanoUsd, startsAt, endsAt },
  }));
}

/** What lines lack or have too much to be whole cents: the nearest, and half a cent is given. */
export function roundingOf(lines: readonly DraftLine[]): bigint {
  const sum = lines.reduce((total, line) => total + line.amountNanoUsd, 0n);
  const rest = ((sum % NANO_USD_PER_CENT) + NANO_USD_PER_CENT) % NANO_USD_PER_CENT;
  return rest * 2n > NANO_USD_PER_CENT ? NANO_USD_PER_CENT - rest : -rest;
}

/** Lines with what makes them whole cents, and the tax on that. */
export function completed(
  lines: readonly DraftLine[],
  stretch: Pick<DraftLine, 'startsAt' | 'endsAt'>,
  tax: Tax | null,
): DraftLine[] {
  const rounding = roundingOf(lines);
  const nameless = { planVersionId: null, rateCardKey: null, meter: null, model: null, quantity: null };
  const cents: DraftLine[] =
    rounding === 0n ? [] : [{ kind: 'rounding', ...nameless, amountNanoUsd: rounding, ...stretch }];
  const net = [...lines, ...cents];
  const taxed = taxLine(net, tax, stretch);
  return taxed === null ? net : [...net, taxed];
}

/** Numbers and stores an invoice, and posts its adjustments, its rounding and its tax. Null: there is nothing to be said. One of nothing is paid at once. */
export async function issueInvoice(tx: Tx, means: PostingMeans, draft: InvoiceDraft): Promise<DbInvoice | null> {
  const { providerId, customerId, livemode, reason, period, fees } = draft;
  if (draft.lines.length === 0) return null;
  const startsAt = new Date(period.startsAtMs);
  const endsAt = new Date(period.endsAtMs);
  const terms = await invoiceTermsOf(tx, draft);
  const lines = await namedLines(tx, completed(draft.lines, { startsAt, endsAt }, terms.tax));
  const totalNanoUsd = lines.reduce((total, line) => total + line.amountNanoUsd, 0n);
  const issuedAt = new Date(means.clock());
  const id = makeId('invoice', means.clock(), means.random(10));
  const isPaid = totalNanoUsd === 0n;
  const invoice = await tx.invoice.create({
    data: {
      ...{ id, providerId, customerId, livemode, reason, totalNanoUsd, issuedAt },
      ...(await nextNumber(tx, draft, 'invoice')),
      ...{ periodStartsAt: startsAt, periodEndsAt: endsAt, state: isPaid ? 'paid' : 'open' },
      dueAt: new Date(issuedAt.getTime() + terms.netDays * DAY_MS),
      ...{ seller: toDbJson(terms.seller), buyer: toDbJson(terms.buyer) },
      ...(isPaid ? { paidAt: issuedAt } : {}),
    },
  });
  await tx.invoiceLine.createMany({
    data: lines.map(({ quantity, ...line }, position) => ({
      ...{ invoiceId: id, position, providerId, customerId, livemode, ...line },
      quantity: quantity === null ? null : quantity.toString(),
    })),
  });
  for (const { reference } of fees) {
    await tx.cycleFee.updateMany({ where: { providerId, reference, invoiceId: null }, data: { invoiceId: id } });
  }
  const own = (kinds: readonly DraftLine['kind'][]) =>
    lines.reduce((sum, { kind, amountNanoUsd }) => sum + (kinds.includes(kind) ? amountNanoUsd : 0n), 0n);
  const adjusted = own(['rerating', 'discount', 'minimum']);
  await postOwn(tx, means, invoice, { what: 'adjustments', account: 'revenue', amountNanoUsd: adjusted });
  await postOwn(tx, means, invoice, { what: 'rounding', account: 'rounding', amountNanoUsd: own(['rounding']) });
  await postOwn(tx, means, invoice, { what: 'tax', account: 'tax', amountNanoUsd: own(['tax']) });
  return invoice;
}

interface Own {
  readonly what: 'adjustments' | 'rounding' | 'tax';
  readonly account: 'revenue' | 'rounding' | 'tax';
  readonly amountNanoUsd: bigint;
}

/** Posts what an invoice itself asks for: beside its fees and calls, which were posted when they came. */
async function postOwn(tx: Tx, means: PostingMeans, invoice: DbInvoice, own: Own): Promise<void> {
  const { id, providerId, customerId, livemode, issuedAt } = invoice;
  const { what, account, amountNanoUsd } = own;
  await postTransfer(tx, means, {
    ...{ providerId, customerId, reference: `invoice:${id}:${what}`, kind: `invoice-${what}`, livemode },
    occurredAt: issuedAt,
    lines: [
      { kind: 'receivable', customerId, amountNanoUsd: nanoUsd(amountNanoUsd) },
      { kind: account, customerId: null, amountNanoUsd: nanoUsd(-amountNanoUsd) },
    ],
  });
}
