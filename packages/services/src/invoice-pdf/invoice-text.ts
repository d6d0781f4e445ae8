import { formatUsd, nanoUsd } from '@tollwright/core';
import type { InvoiceOutput } from '../invoice/invoice.ts';

/** A row of an invoice's table, as it is printed. */
export interface LineText {
  readonly description: string;
  readonly period: string;
  readonly quantity: string;
  readonly amount: string;
}

/** A fact beside its name. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly isStrong?: boolean;
}

/** All that a printed invoice says. */
export interface InvoiceText {
  readonly number: string;
  /** Beside the title: what it is no longer, or never was. */
  readonly mark: string | null;
  readonly seller: PartyText;
  readonly buyer: PartyText;
  readonly facts: readonly Fact[];
  readonly lines: readonly LineText[];
  readonly sums: readonly Fact[];
  readonly notes: readonly string[];
  readonly footer: string | null;
}

interface PartyText {
  readonly name: string;
  /** Several lines. */
  readonly rest: string;
}

/** What an invoice says on paper: every amount to its last digit, days in UTC. */
export function invoiceText(invoice: InvoiceOutput): InvoiceText {
  const { seller, buyer } = invoice;
  return {
    number: invoice.number,
    mark: markOf(invoice),
    seller: { name: seller.name, rest: rest([seller.address, taxId(seller.taxId)]) },
    buyer: { name: buyer.name, rest: rest([buyer.address, taxId(buyer.taxId), buyer.email]) },
    facts: factsOf(invoice),
    lines: invoice.lines
      .filter(({ kind }) => kind !== 'tax')
      .map(({ description, startsAt, endsAt, quantity, amountNanoUsd }) => ({
        ...{ description, period: periodText(startsAt, endsAt), amount: usd(amountNanoUsd) },
        quantity: quantity === null ? '' : grouped(quantity),
      })),
    sums: sumsOf(invoice),
    notes: notesOf(invoice),
    footer: seller.footer,
  };
}

function factsOf({ number, issuedAt, dueAt, reason, periodStartsAt, periodEndsAt }: InvoiceOutput): Fact[] {
  return [
    { label: 'Invoice number', value: number, isStrong: true },
    { label: 'Issued', value: dayText(issuedAt) },
    { label: 'Due by', value: dayText(dueAt) },
    { label: reason === 'cycle' ? 'Billing cycle' : 'Fee for', value: periodText(periodStartsAt, periodEndsAt) },
  ];
}

function sumsOf(invoice: InvoiceOutput): Fact[] {
  const { totalNanoUsd, taxNanoUsd, creditedNanoUsd, paidNanoUsd, dueNanoUsd, state } = invoice;
  const taxes = invoice.lines.filter(({ kind }) => kind === 'tax');
  const net = { label: 'Subtotal', value: usd(BigInt(totalNanoUsd) - BigInt(taxNanoUsd)) };
  return [
    ...(taxes.length === 0 ? [] : [net]),
    ...taxes.map(({ description, amountNanoUsd }) => ({ label: description, value: usd(amountNanoUsd) })),
    { label: 'Total', value: usd(totalNanoUsd), isStrong: true },
    ...(creditedNanoUsd === '0' ? [] : [{ label: 'Credited', value: usd(-BigInt(creditedNanoUsd)) }]),
    ...(paidNanoUsd === '0' ? [] : [{ label: 'Paid', value: usd(-BigInt(paidNanoUsd)) }]),
    ...(state === 'void' ? [] : [{ label: 'Amount due, USD', value: usd(dueNanoUsd), isStrong: true }]),
  ];
}

function notesOf({ creditNotes, paidAt, paidBy, voidedAt, voidReason }: InvoiceOutput): string[] {
  return [
    ...creditNotes.map(({ number, createdAt, amountNanoUsd, taxNanoUsd, reason, paidBack }) => {
      const tax = taxNanoUsd === '0' ? '' : ` (${usd(taxNanoUsd)} of it tax)`;
      return `Credit note ${number} of ${dayText(createdAt)}: ${usd(amountNanoUsd)} USD${tax}. ${reason}${paidBack === null ? '' : ` (paid back: ${paidBack})`}`;
    }),
    ...(paidAt === null ? [] : [`Paid on ${dayText(paidAt)}${paidBy === null ? '' : `: ${paidBy}`}`]),
    ...(voidedAt === null ? [] : [`Voided on ${dayText(voidedAt)}: ${voidReason ?? ''}`]),
  ];
}

function markOf({ livemode, state }: InvoiceOutput): string | null {
  if (!livemode) return 'Test: nothing to be paid';
  return state === 'open' ? null : state === 'paid' ? 'Paid' : 'Void';
}

function rest(lines: readonly (string | null)[]): string {
  return lines.filter((line) => line !== null).join('\n');
}

function taxId(id: string | null): string | null {
  return id === null ? null : `Tax ID ${id}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `24 Oct 2026`, in UTC. */
export function dayText(at: string): string {
  const date = new Date(at);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

function periodText(startsAt: string, endsAt: string): string {
  const [from, to] = [dayText(startsAt), dayText(endsAt)];
  return from === to ? from : `${from} – ${to}`;
}

/** `-1,234.50`: at least cents, and whatever is below. */
export function usd(amount: string | bigint): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(.*)$/.exec(formatUsd(nanoUsd(BigInt(amount)))) ?? [];
  return `${sign === '' ? '' : '−'}${grouped(whole)}${fraction}`;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
