import type { PaymentRecord } from '@tollwright/contracts';
import type { NanoUsd } from '@tollwright/core';
import { type Charge, chargeOf, type Payment, wholeCharge } from '@tollwright/payments';
import { isCeiling } from './sale.ts';

/** What a call that costs so much takes of its payment: what was used of a ceiling, and all of a fixed amount. */
export function chargeFor(payment: Payment, chargedNanoUsd: NanoUsd): Charge {
  return isCeiling(payment) ? chargeOf(payment.offer, chargedNanoUsd) : wholeCharge(payment.offer);
}

/** A charge as the payment's record has it: it is written down before the money is asked for. */
export function amountsOf({
  amountAtomic,
  priceNanoUsd,
  roundingNanoUsd,
}: Charge): Pick<PaymentRecord, 'amountAtomic' | 'priceNanoUsd' | 'roundingNanoUsd'> {
  return { amountAtomic: amountAtomic.toString(), priceNanoUsd, roundingNanoUsd };
}
