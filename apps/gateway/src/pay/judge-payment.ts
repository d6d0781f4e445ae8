import { lossOf, type PaymentLoss, type PaymentRail } from '@tollwright/contracts';
import type { Problem } from '@tollwright/core';
import type { CheckTerms, Payment, Presented, PresentedCredential } from '@tollwright/payments';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import { invalid } from './demand.ts';
import { settleableMs } from './paid-upstream.ts';
import { isCeiling, type Sale, saleOf } from './sale.ts';

/** Too little of the payment's time is left to serve the call first. */
const ENDS_TOO_SOON = 'payment_ends_too_soon';

/** What a request shows, where it shows anything. */
export type Shown = Exclude<Presented<PresentedCredential>, { readonly kind: 'none' }>;

/** `again`: the reason that a fresh challenge gives; null where none is made. */
export type Judged =
  | { readonly kind: 'accepted'; readonly rail: PaymentRail; readonly payment: Payment; readonly sale: Sale }
  | {
      readonly kind: 'refused';
      readonly rail: PaymentRail | null;
      readonly loss: PaymentLoss;
      readonly problem: Problem;
      readonly again: string | null;
    };

type Place = {
  readonly visit: Visit;
  readonly api: CompiledApi;
  readonly route: CompiledRoute;
  /** The body as it was read; null without one. */
  readonly bytes: Buffer | null;
};

/** Judges what a request shows by what can be known here: nobody is asked for a payment that is refused. */
export function judgePayment(shown: Shown, terms: CheckTerms, { visit, api, route, bytes }: Place): Judged {
  switch (shown.kind) {
    case 'malformed':
      return misread('unreadable', `The payment cannot be read: ${shown.reason}`);
    case 'foreign':
      return misread('unknown-method', `Nothing is paid by the method ${shown.method} here.`);
    case 'unreadable':
      return again(null, 'unreadable', shown.reason);
    case 'presented': {
      const { rail } = shown.credential;
      const checked = shown.credential.check(terms);
      if (checked.kind === 'refused') return again(rail, lossOf(checked.reason), checked.reason);
      const { payment } = checked;
      const sold = saleOf(visit, api, route, payment, bytes);
      if (sold.kind === 'refused') {
        return { kind: 'refused', rail, loss: 'not-sold', problem: sold.problem, again: null };
      }
      if (isCeiling(payment) && settleableMs(payment) === 0) return again(rail, 'expired', ENDS_TOO_SOON);
      return { kind: 'accepted', rail, payment, sale: sold.sale };
    }
  }
}

function misread(loss: PaymentLoss, detail: string): Judged {
  return { kind: 'refused', rail: null, loss, problem: { slug: 'bad-request', detail }, again: null };
}

function again(rail: PaymentRail | null, loss: PaymentLoss, reason: string): Judged {
  return { kind: 'refused', rail, loss, problem: invalid(reason), again: reason };
}
