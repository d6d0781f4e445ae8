import { Identifier, KeyValue, Money, Quantity, Sheet, TextLink, Timestamp } from '@tollwright/ui';
import { networkName } from '../../payments/networks.ts';
import { railName } from '../../payments/rail-name.ts';
import type { PaymentInFull } from '../outputs.ts';
import { Payer } from './payer.tsx';
import { meaningOf, PaymentState } from './payment-state.tsx';
import { ReceiptOfPayment } from './receipt-of-payment.tsx';
import { RefundForm } from './refund-form.tsx';
import { RefundsOfPayment } from './refunds-of-payment.tsx';
import { StripeLink } from './stripe-link.tsx';

export interface PaymentSheetProps {
  readonly payment: PaymentInFull;
  readonly base: string;
  /** Whether the reader may give it back. */
  readonly mayWrite: boolean;
  /** The page without the sheet. */
  readonly closeHref: string;
}

/** One payment in full, opened by the address: a permanent link. */
export function PaymentSheet({ payment, base, mayWrite, closeHref }: PaymentSheetProps) {
  const { state, priceNanoUsd, occurredAt, event } = payment;
  return (
    <Sheet
      title={
        <span className="flex flex-wrap items-center gap-2.5">
          <Money nanoUsd={priceNanoUsd} /> <PaymentState state={state} />
        </span>
      }
      description={<Timestamp at={occurredAt} />}
      closeHref={closeHref}
    >
      <div className="grid gap-6">
        <p className="text-base text-muted">
          {payment.reason === null ? meaningOf(state) : `${meaningOf(state)} ${sentence(payment.reason)}`}
        </p>
        <KeyValue items={moneyOf(payment)} />
        <ReceiptOfPayment payment={payment} />
        <RefundsOfPayment refunds={payment.refunds} />
        {mayWrite && payment.refundable ? (
          <RefundForm
            key={payment.refundable.amountAtomic}
            payment={payment}
            refundable={payment.refundable}
            base={base}
          />
        ) : null}
        <section>
          <h3 className="mb-2 font-medium text-ink">The call it paid for</h3>
          <KeyValue
            items={[
              { label: 'Route', value: <span className="font-mono text-xs">{payment.routeName}</span> },
              ...(payment.agentName === null ? [] : [{ label: 'Beside the key of', value: payment.agentName }]),
              { label: 'Request', value: <Identifier value={payment.requestId} /> },
              ...(event === null
                ? []
                : [
                    { label: 'Status', value: String(event.status) },
                    { label: 'Took', value: `${Math.round(event.durationMs)} ms` },
                    {
                      label: 'Event',
                      value: <TextLink href={`${base}/usage?view=calls&call=${event.id}`}>Open call</TextLink>,
                    },
                  ]),
            ]}
          />
        </section>
      </div>
    </Sheet>
  );
}

function moneyOf(payment: PaymentInFull) {
  return [
    {
      label: 'Transaction',
      value: payment.transaction === null ? 'None' : <Identifier value={payment.transaction} />,
    },
    ...(payment.dashboardUrl === null
      ? []
      : [{ label: 'At Stripe', value: <StripeLink href={payment.dashboardUrl}>Open payment in Stripe</StripeLink> }]),
    { label: 'Network', value: `${networkName(payment.network)} (${payment.network})` },
    { label: 'Paid', value: <Quantity value={payment.amountAtomic} mode="exact" unit="token units" /> },
    { label: 'Token', value: <Identifier value={payment.asset} /> },
    { label: 'From', value: <Payer payer={payment.payer} /> },
    { label: 'To', value: <Identifier value={payment.payTo} /> },
    ...(payment.tax === null ? [] : [{ label: 'Tax in it', value: taxText(payment.tax) }]),
    ...(payment.roundingNanoUsd === '0'
      ? []
      : [{ label: 'Rounded up by', value: <Money nanoUsd={payment.roundingNanoUsd} /> }]),
    ...(payment.feeNanoUsd === '0'
      ? []
      : [{ label: 'Rail fee, estimated', value: <Money nanoUsd={payment.feeNanoUsd} /> }]),
    { label: 'Nonce', value: <Identifier value={payment.nonce} short /> },
    { label: 'Protocol', value: railName(payment.rail) },
    ...settledIn(payment),
    { label: 'Last change', value: <Timestamp at={payment.updatedAt} /> },
    { label: 'Payment', value: <Identifier value={payment.id} /> },
  ];
}

function taxText(tax: NonNullable<PaymentInFull['tax']>) {
  if (tax.kind === 'missing') return `Not calculated: ${tax.reason}`;
  return <Quantity value={tax.amountAtomic} mode="exact" unit="token units" />;
}

/** From the moment that it was found good. */
function settledIn({ verifiedAt, settledAt }: PaymentInFull) {
  if (verifiedAt === null || settledAt === null) return [];
  return [{ label: 'Settled in', value: `${Date.parse(settledAt) - Date.parse(verifiedAt)} ms` }];
}

function sentence(reason: string): string {
  return `Reason: ${reason.endsWith('.') ? reason : `${reason}.`}`;
}
