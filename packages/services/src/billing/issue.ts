import { type Cycle, makeId, NANO_USD_PER_CENT, nanoUsd } from '@tollwright/core';
import type { DbCycleFee, DbInvoice, Tx } from '@tollwright/db';
import { type PostingMeans, postTransfer } from '../ledger/post.ts';
import type { Billed } from './cycle.ts';
import { namedLines } from './line-names.ts';
import { nextNumber } from './next-number.ts';
import type { DraftLine } from './usage-lines.ts';

const ADJUSTMENTS: ReadonlySet<DraftLine['kind']> = new Set(['rerating', 'discount', 'minimum']);

const DAY_MS = 86_400_000;
/** How long a customer has to pay. */
export const NET_DAYS = 14;
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

/** Numbers and stores an invoice, and posts its adjustments and its rounding. Null: there is nothing to be said. One of nothing is paid at once. */
export async function issueInvoice(tx: Tx, means: PostingMeans, draft: InvoiceDraft): Promise<DbInvoice | null> {
  const { providerId, customerId, livemode, reason, period, fees } = draft;
  if (draft.lines.length === 0) return null;
  const startsAt = new Date(period.startsAtMs);
  const endsAt = new Date(period.endsAtMs);
  const rounding = roundingOf(draft.lines);
  const nameless = { planVersionId: null, rateCardKey: null, meter: null, model: null, quantity: null };
  const cents: DraftLine[] =
    rounding === 0n ? [] : [{ kind: 'rounding', ...nameless, amountNanoUsd: rounding, startsAt, endsAt }];
  const lines = await namedLines(tx, [...draft.lines, ...cents]);
  const totalNanoUsd = lines.reduce((total, line) => total + line.amountNanoUsd, 0n);
  const issuedAt = new Date(means.clock());
  const id = makeId('invoice', means.clock(), means.random(10));
  const isPaid = totalNanoUsd === 0n;
  const invoice = await tx.invoice.create({
    data: {
      ...{ id, providerId, customerId, livemode, reason, totalNanoUsd, issuedAt },
      ...(await nextNumber(tx, draft, 'invoice')),
      ...{ periodStartsAt: startsAt, periodEndsAt: endsAt, state: isPaid ? 'paid' : 'open' },
      dueAt: new Date(issuedAt.getTime() + NET_DAYS * DAY_MS),
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
  const adjusted = lines.reduce(
    (sum, { kind, amountNanoUsd }) => sum + (ADJUSTMENTS.has(kind) ? amountNanoUsd : 0n),
    0n,
  );
  await postOwn(tx, means, invoice, { what: 'adjustments', account: 'revenue', amountNanoUsd: adjusted });
  await postOwn(tx, means, invoice, { what: 'rounding', account: 'rounding', amountNanoUsd: rounding });
  return invoice;
}

interface Own {
  readonly what: 'adjustments' | 'rounding';
  readonly account: 'revenue' | 'rounding';
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
