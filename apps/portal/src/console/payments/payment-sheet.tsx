import { Identifier, KeyValue, Money, Quantity, Sheet, TextLink, Timestamp } from '@tollwright/ui';
import type { PaymentInFull } from '../outputs.ts';
import { networkName } from './networks.ts';
import { meaningOf, PaymentState } from './payment-state.tsx';

export interface PaymentSheetProps {
  readonly payment: PaymentInFull;
  readonly base: string;
  /** The page without the sheet. */
  readonly closeHref: string;
}

/** One payment in full, opened by the address: a permanent link. */
export function PaymentSheet({ payment, base, closeHref }: PaymentSheetProps) {
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
        <section>
          <h3 className="mb-2 font-medium text-ink">The call it paid for</h3>
          <KeyValue
            items={[
              { label: 'Route', value: <span className="font-mono text-xs">{payment.routeName}</span> },
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
    { label: 'Network', value: `${networkName(payment.network)} (${payment.network})` },
    { label: 'Paid', value: <Quantity value={payment.amountAtomic} mode="exact" unit="token units" /> },
    { label: 'Token', value: <Identifier value={payment.asset} /> },
    { label: 'From', value: <Identifier value={payment.payer} /> },
    { label: 'To', value: <Identifier value={payment.payTo} /> },
    ...(payment.roundingNanoUsd === '0'
      ? []
      : [{ label: 'Rounded up by', value: <Money nanoUsd={payment.roundingNanoUsd} /> }]),
    { label: 'Nonce', value: <Identifier value={payment.nonce} short /> },
    { label: 'Protocol', value: payment.rail },
    { label: 'Last change', value: <Timestamp at={payment.updatedAt} /> },
    { label: 'Payment', value: <Identifier value={payment.id} /> },
  ];
}

function sentence(reason: string): string {
  return `Reason: ${reason.endsWith('.') ? reason : `${reason}.`}`;
}
