import { z } from 'zod';
import { paymentRail } from './payment.ts';
import { paymentLoss } from './payment-loss.ts';

const id = z.string().min(1).max(64);

/**
 * How often one thing happened on the way to a payment, in a quarter of an hour. `asked`: a 402 that named the rail was
 * answered; the same 402 is counted once more without a rail. `refused`: a credential was shown and not claimed; its rail is
 * null where it could not be read.
 */
export const paymentCount = z.object({
  apiId: id,
  livemode: z.boolean(),
  bucketAt: z.iso.datetime(),
  step: z.enum(['asked', 'refused']),
  rail: paymentRail.nullable(),
  /** Of what was refused. */
  loss: paymentLoss.nullable(),
  count: z.int().positive(),
});
export type PaymentCount = z.output<typeof paymentCount>;

/** What a gateway counted of one provider since its last tally. Calls that are refused leave no event of their own. */
export const paymentTally = z.object({
  schemaVersion: z.literal(1),
  providerId: id,
  gateway: id,
  counts: z.array(paymentCount).min(1).max(2_000),
});
export type PaymentTally = z.output<typeof paymentTally>;
