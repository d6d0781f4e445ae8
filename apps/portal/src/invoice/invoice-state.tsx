import { Badge, type Tone } from '@tollwright/ui';
import type { InvoiceSummary } from './outputs.ts';

const STATES: Readonly<Record<InvoiceSummary['state'], { readonly label: string; readonly tone: Tone }>> = {
  open: { label: 'Open', tone: 'amber' },
  paid: { label: 'Paid', tone: 'green' },
  void: { label: 'Void', tone: 'neutral' },
};

export const INVOICE_STATE_OPTIONS = (Object.keys(STATES) as InvoiceSummary['state'][]).map((value) => ({
  value,
  label: STATES[value].label,
}));

/** Where an invoice stands, and whether it is of test calls. */
export function InvoiceState({ invoice: { state, livemode } }: { readonly invoice: InvoiceSummary }) {
  const { label, tone } = STATES[state];
  return (
    <span className="inline-flex items-center gap-1.5">
      <Badge tone={tone}>{label}</Badge>
      {livemode ? null : <Badge tone="neutral">Test</Badge>}
    </span>
  );
}
