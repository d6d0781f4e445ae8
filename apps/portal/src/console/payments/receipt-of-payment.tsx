import { ReceiptButton } from '../../payments/receipt-button.tsx';
import type { PaymentInFull } from '../outputs.ts';
import { StripeLink } from './stripe-link.tsx';

const PAID: ReadonlySet<PaymentInFull['state']> = new Set(['settled', 'refunding', 'refunded', 'credited']);

/** The receipt of a payment that settled. Nothing for others. */
export function ReceiptOfPayment({ payment }: { readonly payment: PaymentInFull }) {
  if (!PAID.has(payment.state)) return null;
  return (
    <section className="grid gap-2">
      <h3 className="font-medium text-ink">Receipt</h3>
      <p className="text-sm text-muted">
        Payment, price, rail, amount, transaction and request in one JSON file, signed by your gateway’s key as a JWS:
        the payer can check it without asking you.
      </p>
      <div className="flex flex-wrap items-center gap-4">
        <ReceiptButton paymentId={payment.id} />
        <StripeLink href={payment.dashboardUrl}>Open payment in Stripe</StripeLink>
      </div>
    </section>
  );
}
