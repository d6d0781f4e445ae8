import { Badge, Identifier, Money, Timestamp, type Tone } from '@tollwright/ui';
import type { PaymentInFull } from '../outputs.ts';
import { StripeLink } from './stripe-link.tsx';

type Refund = PaymentInFull['refunds'][number];

const STATES: Readonly<
  Record<Refund['state'], { readonly label: string; readonly tone: Tone; readonly meaning: string }>
> = {
  planned: {
    label: 'Planned',
    tone: 'amber',
    meaning: 'It is sent within seconds, once there is a key that sends it.',
  },
  signed: {
    label: 'On its way',
    tone: 'amber',
    meaning: 'The transaction is signed and sent; the network confirms it.',
  },
  refunded: { label: 'Refunded', tone: 'green', meaning: 'It has arrived.' },
  failed: { label: 'Failed', tone: 'red', meaning: 'Nothing was sent. You can give it back again.' },
};

/** What went back of a payment, or is on its way. Nothing for most payments. */
export function RefundsOfPayment({ refunds }: { readonly refunds: readonly Refund[] }) {
  if (refunds.length === 0) return null;
  return (
    <section>
      <h3 className="mb-2 font-medium text-ink">Given back</h3>
      <ul className="grid gap-3">
        {refunds.map((refund) => (
          <li key={refund.id} className="grid gap-1 text-base">
            <span className="flex flex-wrap items-center gap-2.5">
              <Money nanoUsd={refund.amountNanoUsd} />
              <Badge tone={STATES[refund.state].tone}>{STATES[refund.state].label}</Badge>
              <Timestamp at={refund.createdAt} />
            </span>
            <span className="text-muted">Reason: {refund.reason}</span>
            <span className="text-muted">
              {STATES[refund.state].meaning}
              {refund.failure === null ? null : ` ${refund.failure}`}
            </span>
            {refund.transaction === null ? null : <Identifier value={refund.transaction} short />}
            <StripeLink href={refund.dashboardUrl}>Open refund in Stripe</StripeLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
