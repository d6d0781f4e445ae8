import { nanoUsdOf } from '../../plan/usd.ts';
import type { PaymentInFull } from '../outputs.ts';

type Refundable = NonNullable<PaymentInFull['refundable']>;

/** What a typed amount of dollars is in a payment's asset, or what is wrong with it. */
export type RefundAmount =
  | { readonly kind: 'amount'; readonly amountAtomic: string }
  | { readonly kind: 'wrong'; readonly error: string };

/** Reads dollars as the asset's smallest unit, of what is left of a payment. A dollar is the same dollar in every asset. */
export function refundAmount(text: string, { amountAtomic, amountNanoUsd }: Refundable): RefundAmount {
  const read = nanoUsdOf(text);
  if (read === null) return { kind: 'wrong', error: 'Type an amount of dollars, such as 0.01.' };
  const [typed, left, leftNanoUsd] = [BigInt(read), BigInt(amountAtomic), BigInt(amountNanoUsd)];
  if (typed <= 0n) return { kind: 'wrong', error: 'Must be more than nothing.' };
  if (typed > leftNanoUsd) return { kind: 'wrong', error: 'Is more than what is left of the payment.' };
  if ((typed * left) % leftNanoUsd !== 0n) {
    return { kind: 'wrong', error: 'Has more decimals than what was paid with.' };
  }
  return { kind: 'amount', amountAtomic: ((typed * left) / leftNanoUsd).toString() };
}
