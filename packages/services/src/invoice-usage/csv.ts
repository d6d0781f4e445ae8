import { formatUsd, nanoUsd } from '@tollwright/core';
import type { DbInvoiceLine } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { type Access, authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { type FileAnswer, fileOutput } from '../invoice/file.ts';
import { getInvoiceInput } from '../invoice/get.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { csvRow } from './csv-row.ts';
import { cutOf, hasEvents, type LineEvent, lineEvents } from './line-events.ts';

export const invoiceUsageInput = getInvoiceInput.extend({
  line: z.int().min(1).max(100_000).optional().meta({ description: 'One line, from 1; all unless given' }),
});
export const invoiceUsageOutput = fileOutput;

const COLUMNS = [
  ...['line', 'kind', 'description', 'occurred_at', 'event_id', 'agent', 'key', 'route', 'model', 'meter', 'quantity'],
  'amount_usd',
] as const;

/** A line that no call is behind has one row, and so has what of a line no call explains. */
const NO_EVENT = { occurredAt: '', eventId: '', agent: '', key: '', route: '' } as const;

/** The calls behind an invoice, or one line of it, as CSV: for each line, its rows sum to its amount. Throws `not-found` for another customer's. */
export async function invoiceUsage(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof invoiceUsageInput>,
): Promise<FileAnswer> {
  const wanted = parse(invoiceUsageInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const { providerId, customerId, invoiceId: id, line } = wanted;
  const where = { providerId, id, ...(customerId === undefined ? {} : { customerId }) };
  const include = { lines: { orderBy: { position: 'asc' } } } as const;
  const invoice = await read(ctx, access, (tx) => tx.invoice.findFirst({ where, include }));
  if (invoice === null) throw notFound();
  const lines = invoice.lines.filter(({ position }) => line === undefined || position === line - 1);
  if (lines.length === 0) throw notFound('The invoice has no such line.');
  return {
    filename: `${invoice.number}${line === undefined ? '' : `-line-${line}`}-usage.csv`,
    mediaType: 'text/csv; charset=utf-8',
    chunks: () => written(ctx, access, lines),
  };
}

/** Each page of calls is read in a transaction of its own, so that a slow reader holds none open. */
async function* written(
  ctx: ServiceContext,
  access: Access,
  lines: readonly DbInvoiceLine[],
): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(csvRow(COLUMNS));
  for (const line of lines) {
    if (!hasEvents(line)) {
      yield encoder.encode(rowOf(line, { ...NO_EVENT, model: null, quantity: quantityOf(line) }, line.amountNanoUsd));
      continue;
    }
    const rest = { amount: line.amountNanoUsd, quantity: BigInt(quantityOf(line) ?? 0) };
    const cut = await read(ctx, access, (tx) => cutOf(tx, line));
    for (let last: LineEvent | null = null; ; ) {
      const from = last;
      const page: LineEvent[] = await read(ctx, access, (tx) => lineEvents(tx, line, cut, from));
      last = page.at(-1) ?? null;
      if (last === null) break;
      let text = '';
      for (const event of page) {
        rest.amount -= BigInt(event.amount);
        rest.quantity -= BigInt(event.quantity ?? 0);
        text += rowOf(
          line,
          { ...event, occurredAt: event.occurred_at.toISOString(), eventId: event.event_id },
          BigInt(event.amount),
        );
      }
      yield encoder.encode(text);
    }
    if (rest.amount === 0n && rest.quantity === 0n) continue;
    const quantity = line.quantity === null ? null : rest.quantity.toString();
    yield encoder.encode(rowOf(line, { ...NO_EVENT, model: null, quantity }, rest.amount));
  }
}

interface Row {
  readonly occurredAt: string;
  readonly eventId: string;
  readonly agent: string;
  readonly key: string;
  readonly route: string;
  /** Of the call: where the line is of one, it is the line's. */
  readonly model: string | null;
  readonly quantity: string | null;
}

function rowOf(line: DbInvoiceLine, row: Row, amountNanoUsd: bigint): string {
  const { position, kind, description, meter } = line;
  const { occurredAt, eventId, agent, key, route, quantity } = row;
  const model = line.model ?? row.model;
  return csvRow([
    ...[`${position + 1}`, kind, description, occurredAt, eventId, agent, key, route, model ?? '', meter ?? ''],
    ...[quantity ?? '', formatUsd(nanoUsd(amountNanoUsd))],
  ]);
}

function quantityOf({ quantity }: DbInvoiceLine): string | null {
  return quantity?.toFixed(0) ?? null;
}
