import { buttonStyles, CsvButton, KeyValue, Money, Section, Table, type TableColumn, Timestamp } from '@tollwright/ui';
import { LinesTable } from './lines-table.tsx';
import type { Invoice } from './outputs.ts';
import { periodText } from './period-text.ts';

type CreditNote = Invoice['creditNotes'][number];

const NOTES: readonly TableColumn<CreditNote>[] = [
  { key: 'number', header: 'Number', cell: ({ number }) => <span className="font-mono text-xs">{number}</span> },
  { key: 'at', header: 'Issued', cell: ({ createdAt }) => <Timestamp at={createdAt} mode="date" /> },
  {
    key: 'reason',
    header: 'Reason',
    cell: ({ reason, paidBack }) => (
      <span className="break-words">{paidBack === null ? reason : `${reason} (paid back: ${paidBack})`}</span>
    ),
  },
  { key: 'amount', header: 'Amount', numeric: true, cell: ({ amountNanoUsd }) => <Money nanoUsd={amountNanoUsd} /> },
];

export interface InvoiceFilesProps {
  /** The address of the invoice's page, which its files stand below. */
  readonly href: string;
}

/** The files of an invoice: to be printed, and the calls behind it. */
export function InvoiceFiles({ href }: InvoiceFilesProps) {
  return (
    <>
      <a className={buttonStyles({ variant: 'quiet' })} href={`${href}/usage`} download>
        Usage as CSV
      </a>
      <a className={buttonStyles({})} href={`${href}/pdf`} download>
        Download PDF
      </a>
    </>
  );
}

/** An invoice as both sides read it. */
export function InvoiceView({ invoice }: { readonly invoice: Invoice }) {
  const { number, customerName, lines, creditNotes, totalNanoUsd } = invoice;
  return (
    <>
      <KeyValue className="mb-8 max-w-xl" items={factsOf(invoice)} />
      <Section
        title="Lines"
        description={`What ${customerName} used, and the fees of its plan.`}
        action={<CsvButton filename={`invoice-${number}`} rows={lineRows(invoice)} />}
      >
        <LinesTable lines={lines} totalNanoUsd={totalNanoUsd} empty={null} />
      </Section>
      {creditNotes.length === 0 ? null : (
        <Section title="Credit notes" description="What was taken back of this invoice.">
          <Table caption="Credit notes" columns={NOTES} rows={creditNotes} rowKey={({ id }) => id} empty={null} />
        </Section>
      )}
    </>
  );
}

function factsOf(invoice: Invoice) {
  const { seller, buyer, taxNanoUsd, reason, periodStartsAt, periodEndsAt, issuedAt, dueAt, totalNanoUsd, dueNanoUsd } =
    invoice;
  const { paidAt, paidBy, voidedAt, voidReason, creditedNanoUsd } = invoice;
  return [
    { label: 'From', value: <Party {...seller} email={null} /> },
    { label: 'To', value: <Party {...buyer} /> },
    { label: reason === 'cycle' ? 'Billing cycle' : 'Fee for', value: periodText(periodStartsAt, periodEndsAt) },
    { label: 'Issued', value: <Timestamp at={issuedAt} mode="date" /> },
    { label: 'Due by', value: <Timestamp at={dueAt} mode="date" /> },
    { label: 'Total', value: <Money nanoUsd={totalNanoUsd} /> },
    ...(taxNanoUsd === '0' ? [] : [{ label: 'Tax in it', value: <Money nanoUsd={taxNanoUsd} /> }]),
    ...(creditedNanoUsd === '0' ? [] : [{ label: 'Credited', value: <Money nanoUsd={creditedNanoUsd} /> }]),
    ...(paidAt === null ? [] : [{ label: 'Paid', value: <Timestamp at={paidAt} mode="date" /> }]),
    ...(paidBy === null ? [] : [{ label: 'Paid by', value: paidBy }]),
    ...(voidedAt === null ? [] : [{ label: 'Voided', value: <Timestamp at={voidedAt} mode="date" /> }]),
    ...(voidReason === null ? [] : [{ label: 'Why', value: voidReason }]),
    { label: 'Still due', value: <Money figure="invoice-due" nanoUsd={dueNanoUsd} /> },
  ];
}

function Party({ name, address, taxId, email }: Invoice['buyer']) {
  const rest = [address, taxId === null ? null : `Tax ID ${taxId}`, email].filter((text) => text !== null);
  return (
    <>
      {name}
      {rest.length === 0 ? null : <span className="block text-muted whitespace-pre-line">{rest.join('\n')}</span>}
    </>
  );
}

function lineRows({ lines }: Invoice) {
  return [
    ['for', 'kind', 'from', 'to', 'plan version', 'rate card', 'meter', 'model', 'quantity', 'amount nano-USD'],
    ...lines.map((line) => [
      ...[line.description, line.kind, line.startsAt, line.endsAt, line.planVersionId, line.rateCardKey, line.meter],
      ...[line.model, line.quantity, line.amountNanoUsd],
    ]),
  ];
}
